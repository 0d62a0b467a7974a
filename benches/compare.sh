#!/usr/bin/env bash
# The table of docs/performance.md: whole processes side by side on the same generated input. Each command runs RUNS times
# (5 unless said otherwise); shown are the medians of CPU time (user + system) and wall time in seconds, and the highest
# peak memory in MB. Peers come from the registries where they are there (jq, PyYAML, zizmor, check-jsonschema, kubeconform,
# kubectl); those that are absent are skipped and said to be.
#
#   benches/compare.sh              everything
#   RUNS=3 benches/compare.sh       fewer runs
#   BIN=path benches/compare.sh     another binary than target/release/pgo-preflight
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-5}
work=target/compare
mkdir -p "$work"
command -v /usr/bin/time > /dev/null || { echo 'GNU time is missing: apt-get install time'; exit 1; }
if [ -z "${BIN:-}" ]; then
    cargo build --release --quiet
    BIN=target/release/pgo-preflight
fi

fleet() { # file arguments...
    local file=$work/$1
    shift
    [ -s "$file" ] || cargo run --quiet --example fleet -- "$@" > "$file"
}
fleet fleet.yaml 1000
fleet fleet.json 1000 --json
fleet large.yaml 10000
fleet drafts.yaml 0 --drafts 10000
fleet one.yaml 0 --drafts 1

# Peers from PyPI, in an environment of their own.
if [ ! -d "$work/peers" ]; then
    python3 -m venv --system-site-packages "$work/peers" 2> /dev/null \
        && "$work/peers/bin/pip" install --quiet PyYAML zizmor check-jsonschema 2> /dev/null || true
fi
PATH=$PWD/$work/peers/bin:$PATH

median() { sort -n | awk '{ v[NR] = $1 } END { printf "%.3f", (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

measure() { # name command...
    local name=$1 times=$work/times
    shift
    if ! command -v "$1" > /dev/null; then
        printf '| %-44s | %27s |\n' "$name" "not there ($1)"
        return
    fi
    : > "$times"
    for _ in $(seq "$runs"); do
        # The last line only: a peer may complain on standard error.
        /usr/bin/time -f '%U %S %e %M' "$@" 2>&1 > /dev/null | tail -n 1 >> "$times" || true
    done
    printf '| %-44s | %8s | %8s | %5s |\n' "$name" "$(awk '{ print $1 + $2 }' "$times" | median)" \
        "$(awk '{ print $3 }' "$times" | median)" "$(awk '{ if ($4 > m) m = $4 } END { printf "%d", m / 1024 }' "$times")"
}

table() {
    printf '\n**%s** (%s MB)\n\n' "$1" "$(($(stat -c %s "$2") / 1000000))"
    printf '| %-44s | %8s | %8s | %5s |\n|%s|%s|%s|%s|\n' command 'CPU, s' 'wall, s' 'MB' ---- ---: ---: ---:
}

check() { # name file flags...
    local name=$1 file=$2
    shift 2
    measure "$name" "$BIN" check "$file" --exit-zero "$@"
}

yaml='import sys, yaml
for document in yaml.load_all(open(sys.argv[1]), Loader=yaml.CSafeLoader): pass'
json='import json, sys
json.load(open(sys.argv[1]))'

table '1,000 v4 clusters, YAML List' $work/fleet.yaml
check 'pgo-preflight, JSON report' $work/fleet.yaml --format json
check 'pgo-preflight, SARIF' $work/fleet.yaml --format sarif
check 'pgo-preflight, human report' $work/fleet.yaml --format human
all=$runs runs=1
measure 'PyYAML (C), parse only, one run' python3 -c "$yaml" $work/fleet.yaml
runs=$all
measure 'kubeconform, schema only' kubeconform -ignore-missing-schemas $work/fleet.yaml
measure 'wc -l (one pass over the bytes)' wc -l $work/fleet.yaml

table 'the same as JSON' $work/fleet.json
check 'pgo-preflight, JSON report' $work/fleet.json --format json
measure 'Python json, parse only' python3 -c "$json" $work/fleet.json
measure 'jq, parse and count' jq '.items | length' $work/fleet.json

table '10,000 v4 clusters, YAML List' $work/large.yaml
check 'pgo-preflight, JSON report' $work/large.yaml --format json

table '10,000 drafts: schema, CEL, rules' $work/drafts.yaml
check 'pgo-preflight, any release, JSON report' $work/drafts.yaml --format json
check 'pgo-preflight, --target 5.8.2, JSON report' $work/drafts.yaml --format json --target 5.8.2
measure 'PyYAML (C), parse only' python3 -c "$yaml" $work/drafts.yaml

table 'one small draft, start to finish' $work/one.yaml
check 'pgo-preflight, any release' $work/one.yaml
check 'pgo-preflight, --target 5.8.2' $work/one.yaml --target 5.8.2
mkdir -p $work/.github/workflows
printf 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: "true"}]\n' > $work/.github/workflows/ci.yml
measure 'zizmor, one small workflow' zizmor --offline $work/.github/workflows/ci.yml
measure 'check-jsonschema --version' check-jsonschema --version
