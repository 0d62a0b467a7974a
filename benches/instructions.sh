#!/usr/bin/env bash
# The gate against slowing down: how many instructions the program takes for small fixed inputs, counted by valgrind, so that
# neither another machine nor a busy one matters. A count more than 10 % above the one in benches/instructions.tsv fails.
# The third column there is the baseline, counted at commit 2d4bbc6: it stays, so that small steps do not add up unseen.
#
#   benches/instructions.sh            compare
#   benches/instructions.sh --update   write the counts of now; commit the file and say in the message what they pay for
set -euo pipefail
cd "$(dirname "$0")/.."

tolerance=10
# Incremental builds are cut into more pieces and count some 8 % more.
export CARGO_INCREMENTAL=0
known=benches/instructions.tsv
work=target/instructions
mkdir -p "$work"

if ! command -v valgrind > /dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq && $as_root apt-get install -y -qq valgrind > /dev/null \
        || { echo 'valgrind is missing and could not be installed: apt-get install valgrind'; exit 1; }
fi

# Optimised like a release, but for link-time optimisation, which takes minutes. Without the Kubernetes client.
cargo build --quiet --locked --profile measure --no-default-features --bin pgo-preflight
cargo run --quiet --locked --example fleet -- 20 > "$work/fleet.yaml"
cargo run --quiet --locked --example fleet -- 20 --json > "$work/fleet.json"
cargo run --quiet --locked --example fleet -- 20 --drafts 20 > "$work/paired.yaml"
cargo run --quiet --locked --example fleet -- 0 --drafts 100 > "$work/drafts.yaml"
cargo run --quiet --locked --example fleet -- 0 --drafts 1 > "$work/one.yaml"

count() { # file flags...
    # One thread: stealing work from each other costs what the moment brings.
    RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        target/measure/pgo-preflight check "$work/$1" --now 2026-11-20T12:00:00Z --exit-zero "${@:2}" 2>&1 > /dev/null \
        | awk '/Collected/ { print $NF }'
}

counts() {
    printf '%s\t%s\n' \
        'one draft' "$(count one.yaml)" \
        '100 drafts, any release' "$(count drafts.yaml --format json)" \
        '100 drafts, one release' "$(count drafts.yaml --format json --target 5.8.2)" \
        '20 clusters' "$(count fleet.yaml --format json)" \
        '20 clusters as JSON' "$(count fleet.json --format json)" \
        '20 clusters to SARIF' "$(count fleet.yaml --format sarif)" \
        '20 clusters for people' "$(count fleet.yaml --format human)" \
        '20 clusters and their drafts' "$(count paired.yaml --format json)"
}

counts > "$work/now.tsv"
if [ "${1:-}" = --update ]; then
    awk -F '\t' -v OFS='\t' 'NR == FNR { base[$1] = $3; next } { print $1, $2, base[$1] }' "$known" "$work/now.tsv" > "$work/new.tsv"
    cp "$work/new.tsv" "$known"
    echo "$known now holds:"
    cat "$known"
    exit
fi
awk -F '\t' -v tolerance=$tolerance -v known=$known '
    NR == FNR { before[$1] = $2; base[$1] = $3; next }
    {
        change = before[$1] ? 100 * ($2 / before[$1] - 1) : 0
        since = base[$1] ? sprintf("%.2f times the baseline", $2 / base[$1]) : "no baseline"
        printf "%-30s %14d instructions, %+6.1f %%, %s\n", $1, $2, change, since
        if (!before[$1] || $2 == "" || change > tolerance) slower = 1
        if (change < -tolerance) faster = 1
    }
    END {
        if (faster) print "Faster than " known " says: run benches/instructions.sh --update and commit it, so that the gain is kept."
        if (slower) {
            print "Slower than " known " allows (" tolerance " %). Find out why (callgrind_annotate shows where), or, if it is worth"
            print "its price, run benches/instructions.sh --update and commit the file with the reason."
            exit 1
        }
    }' "$known" "$work/now.tsv"
