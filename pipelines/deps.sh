#!/usr/bin/env bash
# Fetches ONNX Runtime, with which `perfbench` times the engine onnx, into the
# user's cache: the pinned library out of its makers' package, by pip or npm.
# Without it everything else works, so a machine without either or without a
# network is no error; a package with another checksum is.
set -euo pipefail

version=1.26.0
say() { echo "deps: $*" >&2; }

cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}
name=libonnxruntime.so
case $(uname -s)-$(uname -m) in
  Linux-x86_64)
    wheel=manylinux_2_28_x86_64
    wheel_sum=11a8df4dcfe9ad5ff0bd71a7571dbed019fabc7594676c89fe8b86ea029c246f
    in_wheel=libonnxruntime.so.$version
    in_npm=linux/x64/libonnxruntime.so.1
    ;;
  Linux-aarch64)
    wheel=manylinux_2_28_aarch64
    wheel_sum=35c7c7b0ac2e02001d28fab6c9fc24e9abc5e6faa35e6e19c63cecf1406ba89f
    in_wheel=libonnxruntime.so.$version
    in_npm=linux/arm64/libonnxruntime.so.1
    ;;
  Darwin-arm64)
    cache=${HOME:-}/Library/Caches
    name=libonnxruntime.dylib
    wheel=macosx_14_0_arm64
    wheel_sum=ee1109ef4ef27cad90e823399e61e03b3c6c7bfe0fb820b4baf3678c15be8b3c
    in_wheel=libonnxruntime.$version.dylib
    in_npm=darwin/arm64/libonnxruntime.$version.dylib
    ;;
  *)
    say "no ONNX Runtime is pinned for $(uname -s) on $(uname -m); name yours in ONNXRUNTIME_LIB"
    exit 0
    ;;
esac
npm_sum=874e97b8840c16db3a3997a4cc75976ee46fb4828bc95dda909d8d4e134bed02

target=$cache/leadsman/onnxruntime-$version/$name
if [ -n "${ONNXRUNTIME_LIB:-}" ] || [ -e "$target" ]; then
  exit 0
fi
if [ "$cache" = /.cache ] || ! mkdir -p "$(dirname "$target")" 2>/dev/null; then
  say "no ONNX Runtime: the user has no cache directory"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check FILE SUM: stops when the file is another than the pinned one.
check() {
  local sum
  sum=$(if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1)
  if [ "$sum" != "$2" ]; then
    say "$(basename "$1"): SHA-256 is $sum, want $2"
    exit 1
  fi
}

# keep FILE FROM: puts the library in its place, whole or not at all.
keep() {
  cp "$1" "$target.$$"
  mv "$target.$$" "$target"
  say "ONNX Runtime $version from $2 is in $target"
  exit 0
}

if python3 -m pip download --quiet --disable-pip-version-check --retries 0 --timeout 15 --no-deps --dest "$work" \
  --only-binary=:all: --implementation cp --python-version 3.11 --platform "$wheel" "onnxruntime==$version" 2>/dev/null; then
  check "$work"/onnxruntime-*.whl "$wheel_sum"
  python3 -m zipfile -e "$work"/onnxruntime-*.whl "$work/wheel"
  keep "$work/wheel/onnxruntime/capi/$in_wheel" pip
fi
if (cd "$work" && npm pack --silent --fetch-retries 0 --fetch-timeout 60000 "onnxruntime-node@$version") >/dev/null 2>&1; then
  check "$work/onnxruntime-node-$version.tgz" "$npm_sum"
  tar -xzf "$work/onnxruntime-node-$version.tgz" -C "$work"
  keep "$work/package/bin/napi-v6/$in_npm" npm
fi
say "no ONNX Runtime: neither pip nor npm could fetch it; perfbench goes without the engine onnx"
