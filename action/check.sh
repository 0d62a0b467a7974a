#!/usr/bin/env bash
# Runs `pgo-preflight check` for the action: PROGRAM on the inputs PATHS, TARGET, FAIL_ON and ARGS.
#
# The step succeeds whatever was found: the exit code is an output, so that findings can be uploaded before the job fails.
# Values come in as environment, never as text of a script. The log of a step runs what looks like a command, so it gets the
# format that is made for it; the report for people goes to the job's summary. Runs in the bash 3.2 of macOS.
set -euo pipefail

: "${PROGRAM:?}" "${RUNNER_TEMP:?}" "${GITHUB_OUTPUT:?}" "${GITHUB_STEP_SUMMARY:?}"

# What a job's summary takes is a mebibyte.
SUMMARY_BYTES=1000000

fail() {
    printf '::error title=pgo-preflight::%s\n' "$1"
    output exit-code 2
    exit 0
}

output() { printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"; }

# Splits a text into WORDS at blanks and line ends, with '...' and "..." around what has blanks in it. Nothing else is special: no
# variable, command or pattern is ever expanded.
words() {
    local text=$1 word='' begun='' quote='' char i
    WORDS=()
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        if [ -n "$quote" ]; then
            if [ "$char" = "$quote" ]; then quote=''; else word+=$char; fi
            continue
        fi
        case $char in
            "'" | '"') quote=$char begun=1 ;;
            ' ' | $'\t' | $'\r' | $'\n')
                if [ -n "$begun" ]; then WORDS+=("$word"); fi
                word='' begun=''
                ;;
            *) word+=$char begun=1 ;;
        esac
    done
    [ -z "$quote" ] || fail "the input $2 opens a $quote that it does not close"
    if [ -n "$begun" ]; then WORDS+=("$word"); fi
}

# How many clusters and drafts have which verdict. Nothing is said where it is not known.
count() {
    if ! command -v jq > /dev/null; then
        printf '::notice title=pgo-preflight::no jq here, so the outputs of verdicts are empty\n'
        return
    fi
    # shellcheck disable=SC2016 # the variables are those of jq
    local verdicts='
        def count($of): map(.verdict) as $all | $of | map({(.): (. as $one | $all | map(select(. == $one)) | length)}) | add;
        {clusters: (.clusters | count(["ready", "action", "unknown", "blocked"])), drafts: (.drafts | count(["ok", "unknown", "error"]))}'
    local counts each
    counts=$(jq --compact-output "$verdicts" "$1" | tr -d '\r')
    output verdicts "$counts"
    # shellcheck disable=SC2016 # as above
    each='to_entries[] | .key as $kind | .value | to_entries[] | "\($kind)-\(.key)=\(.value)"'
    printf '%s' "$counts" | jq --raw-output "$each" | tr -d '\r' >> "$GITHUB_OUTPUT"
}

summarise() {
    head -c "$SUMMARY_BYTES" "$1" >> "$GITHUB_STEP_SUMMARY"
    if [ "$(wc -c < "$1")" -gt "$SUMMARY_BYTES" ]; then
        printf '\n\nThe rest is left out here: a summary holds no more. The JSON report has everything.\n' >> "$GITHUB_STEP_SUMMARY"
    fi
}

words "${PATHS:-}" paths
paths=(${WORDS[@]+"${WORDS[@]}"})
words "${ARGS:-}" args
more=(${WORDS[@]+"${WORDS[@]}"})

reports=$RUNNER_TEMP/pgo-preflight-reports
rm -rf "$reports"
mkdir -p "$reports"
arguments=(--format github --format "sarif=$reports/findings.sarif" --format "markdown=$reports/summary.md" --format "json=$reports/report.json")
if [ -n "${FAIL_ON:-}" ]; then arguments+=(--fail-on "$FAIL_ON"); fi
if [ -n "${TARGET:-}" ]; then arguments+=(--target "$TARGET"); fi

code=0
# After `--` no path can be taken for a flag.
"$PROGRAM" check "${arguments[@]}" ${more[@]+"${more[@]}"} -- ${paths[@]+"${paths[@]}"} || code=$?
output exit-code "$code"

if [ -f "$reports/summary.md" ]; then summarise "$reports/summary.md"; fi
if [ -f "$reports/findings.sarif" ]; then output sarif-file "$reports/findings.sarif"; fi
if [ -f "$reports/report.json" ]; then
    output json-file "$reports/report.json"
    count "$reports/report.json"
fi
