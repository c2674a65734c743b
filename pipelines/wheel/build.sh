#!/usr/bin/env bash
# Builds the wheel of each platform GOOS/GOARCH, this machine's by default, into
# build/dist: the static program and python/leadsman, of one platform each.
#
#   pipelines/wheel/build.sh [GOOS/GOARCH]...
#
# PYTHON has hatchling. PROGRAMS, where it is set, has the programs already, as a
# release's directory has: PROGRAMS/leadsman_GOOS_GOARCH*/leadsman.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The version as Python spells it: v1.2.3 is 1.2.3, five commits later 1.2.3.post5+gHASH.
described=$(git describe --tags --match 'v*' 2>/dev/null || echo "v0.0.0-0-g$(git rev-parse --short HEAD 2>/dev/null || echo 0)")
version=$(sed -E 's/^v//; s/-([0-9]+)-(g[0-9a-f]+)$/.post\1+\2/; s/\.post0\+/+/' <<<"${VERSION:-$described}")
export LEADSMAN_VERSION=$version
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)
export SOURCE_DATE_EPOCH

# A static program runs beside either C library of Linux, so that its one wheel is for
# both. Go 1.26 wants macOS 12.
tag() {
  case $1 in
    linux/amd64) echo manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64 ;;
    linux/arm64) echo manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64 ;;
    darwin/amd64) echo macosx_12_0_x86_64 ;;
    darwin/arm64) echo macosx_12_0_arm64 ;;
    windows/amd64) echo win_amd64 ;;
    windows/arm64) echo win_arm64 ;;
    *) echo "wheel: no tag is known for $1" >&2; return 1 ;;
  esac
}

mkdir -p build/dist
if [ $# = 0 ]; then
  set -- "$(go env GOOS)/$(go env GOARCH)"
fi
for platform; do
  goos=${platform%/*} goarch=${platform#*/}
  LEADSMAN_TAG=$(tag "$platform")
  export LEADSMAN_TAG
  ext=; if [ "$goos" = windows ]; then ext=.exe; fi
  LEADSMAN_PROGRAM=$(compgen -G "${PROGRAMS:-none}/leadsman_${goos}_$goarch*/leadsman$ext" || echo "$PWD/build/wheel/${goos}_$goarch/leadsman$ext")
  LEADSMAN_PROGRAM=$(realpath -m "$LEADSMAN_PROGRAM")
  export LEADSMAN_PROGRAM
  if [ -z "${PROGRAMS:-}" ]; then
    CGO_ENABLED=0 GOOS=$goos GOARCH=$goarch go build -trimpath -ldflags "-s -w -X github.com/leadsman/leadsman/pkg/cli.Version=${VERSION:-$described}" -o "$LEADSMAN_PROGRAM" ./cmd/leadsman
  fi
  # Built from a copy, so that the licence and the notices of what is linked go along.
  work=$(mktemp -d)
  cp -r python/leadsman python/pyproject.toml python/hatch_build.py python/README.md LICENSE "$work/"
  find "$work" -name __pycache__ -prune -exec rm -r {} +
  pipelines/notices.sh "$LEADSMAN_PROGRAM" > "$work/THIRD-PARTY-NOTICES"
  (cd "$work" && "${PYTHON:-python3}" -m hatchling build -t wheel -d "$OLDPWD/build/dist")
  rm -r "$work"
done
