#!/usr/bin/env bash
# Puts leadsman on the PATH of a workflow's later steps: PROGRAM, or the release
# VERSION, whose archive must have the digest SHA256.
set -euo pipefail

bin=$RUNNER_TEMP/leadsman-bin
mkdir -p "$bin"
if [ -n "${PROGRAM:-}" ]; then
  cp "$PROGRAM" "$bin/"
else
  if [ -z "${VERSION:-}" ] || [ -z "${SHA256:-}" ]; then
    echo "leadsman: name a release by version and sha256, or a program by program" >&2
    exit 2
  fi
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) system=linux_amd64.tar.gz ;;
    Linux-aarch64) system=linux_arm64.tar.gz ;;
    Darwin-x86_64) system=darwin_amd64.tar.gz ;;
    Darwin-arm64) system=darwin_arm64.tar.gz ;;
    MINGW*-x86_64 | MSYS*-x86_64) system=windows_amd64.zip ;;
    *) echo "leadsman: no release is made for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
  esac
  archive=leadsman_${VERSION#v}_$system
  releases=${LEADSMAN_RELEASES:-https://github.com/leadsman/leadsman/releases/download}
  curl --silent --show-error --fail --location --retry 3 --max-time 300 --output "$RUNNER_TEMP/$archive" "$releases/$VERSION/$archive"
  sum=$(if command -v sha256sum >/dev/null; then sha256sum "$RUNNER_TEMP/$archive"; else shasum -a 256 "$RUNNER_TEMP/$archive"; fi | cut -d' ' -f1)
  if [ "$sum" != "$SHA256" ]; then
    rm "$RUNNER_TEMP/$archive"
    echo "leadsman: $archive: SHA-256 is $sum, want $SHA256" >&2
    exit 1
  fi
  case $archive in
    *.zip) unzip -q -o "$RUNNER_TEMP/$archive" leadsman.exe -d "$bin" ;;
    *) tar -xzf "$RUNNER_TEMP/$archive" -C "$bin" leadsman ;;
  esac
fi
"$bin/leadsman" --version
echo "$bin" >> "$GITHUB_PATH"
