#!/usr/bin/env bash
# Makes the Debian and the RPM package of a program that is built: deploy/packages.sh target/x86_64-unknown-linux-musl/dist/pgo-preflight
#
# Needs cargo-deb and cargo-generate-rpm; the packages are in target/debian and target/generate-rpm.
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 PROGRAM" >&2; exit 2; }
program=$(realpath "$1")
cd "$(dirname "$0")/.."

laid=target/packaging
rm -rf "$laid"
mkdir -p "$laid/man"
cp "$program" "$laid/pgo-preflight"
"$program" generate man "$laid/man"
"$program" generate completions bash > "$laid/pgo-preflight.bash"
"$program" generate completions zsh > "$laid/_pgo-preflight"
"$program" generate completions fish > "$laid/pgo-preflight.fish"

cargo deb --no-build --no-strip
cargo generate-rpm
