#!/usr/bin/env bash
# Fills deploy/krew.yaml for a release, and prints it:
#
#   deploy/krew.sh v0.1.0 https://github.com/OWNER/pgo-preflight sha256.sum > pgo-preflight.yaml
#
# The last argument holds the release's checksums, one `SUM *FILE` a line. Fails where one is missing.
set -euo pipefail

[ $# = 3 ] || { echo "usage: $0 VERSION HOMEPAGE CHECKSUMS" >&2; exit 2; }

awk -v version="$1" -v homepage="$2" '
    FNR == NR { sub(/^\*/, "", $2); sums[$2] = $1; next }
    /^#/ { next }
    { gsub(/RELEASE/, homepage "/releases/download/" version); sub(/VERSION$/, version); sub(/HOMEPAGE$/, homepage) }
    /^ +uri: / { count = split($2, parts, "/"); file = parts[count] }
    /CHECKSUM$/ {
        if (sums[file] !~ /^[0-9a-f]+$/ || length(sums[file]) != 64) {
            print "krew.sh: no checksum of " file > "/dev/stderr"
            exit 1
        }
        sub(/CHECKSUM$/, "\"" sums[file] "\"")
    }
    { print }
' "$3" "$(dirname "$0")/krew.yaml"
