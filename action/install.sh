#!/usr/bin/env bash
# Puts pgo-preflight where the action's next step finds it, and tells its place as the output `program`.
#
#   install.sh locate    tells what would be installed: outputs `folder` and `key` for the cache
#   install.sh           uses BINARY, else the archive of the release, else builds the sources of the action
#
# What it reads: the inputs BINARY, VERSION and SHA256; what every runner sets (GITHUB_*, RUNNER_*). Nothing is installed outside
# RUNNER_TEMP. An archive is used only if its checksum is the one that the release (and SHA256, where given) states.
# Runs in the bash 3.2 of macOS.
set -euo pipefail

PROGRAM=pgo-preflight
: "${RUNNER_TEMP:?}" "${GITHUB_OUTPUT:?}" "${GITHUB_ACTION_PATH:?}"
folder=$RUNNER_TEMP/$PROGRAM-download
home=$RUNNER_TEMP/$PROGRAM
built=$folder/bin/$PROGRAM

# A line of the log that shows as an annotation; the text cannot be read as another one.
tell() {
    local text=${2//%/%25}
    text=${text//$'\r'/%0D}
    printf '::%s title=pgo-preflight::%s\n' "$1" "${text//$'\n'/%0A}"
}

fail() {
    tell error "$1"
    exit 2
}

output() { printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"; }

# The release to install: the one named, else the one whose sources these are.
version() {
    local named=${VERSION:-}
    if [ -z "$named" ]; then
        named=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
    fi
    named=${named#v}
    case $named in
        '' | *[!0-9A-Za-z.+-]*) fail 'the input version is not a version such as 0.1.0' ;;
    esac
    printf '%s' "$named"
}

# The archive for this runner; empty where releases have none.
archive() {
    case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
        Linux-X64) printf '%s' "$PROGRAM-x86_64-unknown-linux-musl.tar.gz" ;;
        Linux-ARM64) printf '%s' "$PROGRAM-aarch64-unknown-linux-musl.tar.gz" ;;
        macOS-X64) printf '%s' "$PROGRAM-x86_64-apple-darwin.tar.gz" ;;
        macOS-ARM64) printf '%s' "$PROGRAM-aarch64-apple-darwin.tar.gz" ;;
        Windows-X64) printf '%s' "$PROGRAM-x86_64-pc-windows-msvc.tar.gz" ;;
    esac
}

checksum_of() {
    if command -v sha256sum > /dev/null; then sha256sum < "$1"; else shasum -a 256 < "$1"; fi | cut -d ' ' -f 1
}

# Downloads a file. 1: there is none at this address; any other failure ends the step.
fetch() {
    local code=0
    curl --silent --show-error --fail --location --retry 3 --connect-timeout 30 --max-time 300 --output "$2.part" "$1" || code=$?
    case $code in
        0) mv "$2.part" "$2" ;;
        22 | 37) rm -f "$2.part"; return 1 ;; # an HTTP error that is not worth a repetition; no such file
        *) fail "cannot download $1: curl ended with $code" ;;
    esac
}

# Fails unless the archive is what the release, and the input, say it is.
verify() {
    local is stated
    is=$(checksum_of "$1")
    stated=$(cut -d ' ' -f 1 < "$1.sha256")
    [ "$is" = "$stated" ] || fail "the checksum of $(basename "$1") is $is, and its release states $stated: not installed"
    if [ -n "${SHA256:-}" ]; then
        [ "$is" = "$SHA256" ] || fail "the checksum of $(basename "$1") is $is, not that of the input sha256: not installed"
    fi
}

# Unpacks an archive, and tells where its program is.
unpack() {
    rm -rf "$home"
    mkdir -p "$home"
    tar -xzf "$1" -C "$home"
    local found
    found=$(find "$home" -type f \( -name "$PROGRAM" -o -name "$PROGRAM.exe" \) | head -n 1)
    [ -n "$found" ] || fail "there is no $PROGRAM in $(basename "$1")"
    output program "$found"
}

# From the sources of the action: minutes, once for each cache.
build() {
    if [ ! -x "$built" ] && [ ! -x "$built.exe" ]; then
        command -v cargo > /dev/null || fail "$1, and there is no cargo here to build it: name a program with the input binary"
        tell notice "$1, so it is built from the sources of the action, which takes minutes"
        cargo install --locked --path "$GITHUB_ACTION_PATH" --root "$folder"
    fi
    if [ -x "$built" ]; then output program "$built"; else output program "$built.exe"; fi
}

install() {
    if [ -n "${BINARY:-}" ]; then
        if [ ! -f "$BINARY" ] || [ ! -x "$BINARY" ]; then fail "the input binary is no program: $BINARY"; fi
        case $BINARY in
            *$'\n'*) fail "the input binary is no program: $BINARY" ;;
            /* | [A-Za-z]:*) output program "$BINARY" ;;
            *) output program "$PWD/$BINARY" ;;
        esac
        return
    fi
    local release name address
    release=$(version) || { printf '%s\n' "$release"; exit 2; }
    name=$(archive)
    mkdir -p "$folder"
    if [ -z "$name" ]; then
        [ -z "${VERSION:-}${SHA256:-}" ] || fail "releases have no archive for ${RUNNER_OS:-?} ${RUNNER_ARCH:-?}"
        build 'releases have no archive for this runner'
        return
    fi
    address=${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_ACTION_REPOSITORY:-}/releases/download/v$release
    if [ ! -f "$folder/$name" ] || [ ! -f "$folder/$name.sha256" ]; then
        if [ -x "$built" ] || [ -x "$built.exe" ] || ! fetch "$address/$name" "$folder/$name"; then
            [ -z "${VERSION:-}${SHA256:-}" ] || fail "there is no $name at $address"
            build "there is no $name at $address"
            return
        fi
        fetch "$address/$name.sha256" "$folder/$name.sha256" || fail "there is no checksum beside $name at $address: not installed"
    fi
    verify "$folder/$name"
    unpack "$folder/$name"
}

case ${1:-} in
    locate)
        release=$(version) || { printf '%s\n' "$release"; exit 2; }
        output folder "$folder"
        output key "$PROGRAM-${RUNNER_OS:-}-${RUNNER_ARCH:-}-$release-$(checksum_of "$GITHUB_ACTION_PATH/Cargo.lock")"
        ;;
    '') install ;;
    *) fail "install.sh: $1 is unknown" ;;
esac
