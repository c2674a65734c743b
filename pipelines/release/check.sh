#!/usr/bin/env bash
# Holds what goreleaser made in build/release to what docs/install.md promises, and
# writes the list of files with their sizes.
set -euo pipefail
cd "$(dirname "$0")/../.."

release=build/release
fail() { echo "release: $*" >&2; exit 1; }
(cd "$release" && sha256sum --quiet --check checksums.txt)

# Archives: the program, its manual, completions and licences.
found=0
for archive in "$release"/leadsman*.tar.gz "$release"/leadsman*.zip; do
  found=$((found + 1))
  case $archive in
    *.zip) names=$(unzip -Z1 "$archive"); program='^leadsman\.exe$' ;;
    *leadsman-onnx_*) names=$(tar -tzf "$archive"); program='^leadsman-onnx$' ;;
    *) names=$(tar -tzf "$archive"); program='^leadsman$' ;;
  esac
  for want in "$program" '^LICENSE$' '^THIRD-PARTY-NOTICES$' '^man/leadsman\.1\.gz$' '^man/leadsman-report\.1\.gz$' '^completions/leadsman\.bash$' '^completions/_leadsman$' '^completions/leadsman\.fish$'; do
    grep -q "$want" <<<"$names" || fail "$archive: no $want"
  done
done
[ "$found" = 7 ] || fail "$found archives, want 7"

# Every module of every program is in the notices, and each program has its SBOM.
for program in "$release"/leadsman*_*/leadsman*; do
  go version -m "$program" | awk '$1 == "dep" { print $2 " " $3 }' | while read -r module; do
    grep -qx "$module" build/packaging/THIRD-PARTY-NOTICES || fail "$program: no notice of $module"
  done
done
[ "$(find "$release" -name '*.cdx.json' | wc -l)" = 7 ] || fail "want 7 SBOMs"
for sbom in "$release"/*.cdx.json; do
  [ "$(jq -r .bomFormat "$sbom")" = CycloneDX ] || fail "$sbom: no CycloneDX"
  [ "$(jq '[.components[] | select(.name == "github.com/apache/arrow-go/v18")] | length' "$sbom")" -ge 1 ] || fail "$sbom: Arrow is not in it"
done

# Packages of Linux: unpacked, and the program run.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arch=$(go env GOARCH)
for deb in "$release"/*.deb; do
  dpkg-deb --contents "$deb" > "$work/deb.txt"
  for want in ./usr/bin/leadsman ./usr/share/man/man1/leadsman.1.gz ./usr/share/bash-completion/completions/leadsman ./usr/share/doc/leadsman/copyright; do
    grep -q " $want\$" "$work/deb.txt" || fail "$deb: no $want"
  done
done
dpkg-deb --extract "$release"/leadsman_*_linux_"$arch".deb "$work/root"
if command -v rpm >/dev/null; then
  for package in "$release"/*.rpm; do
    rpm -qlp "$package" > "$work/rpm.txt" 2>/dev/null
    grep -qx /usr/bin/leadsman "$work/rpm.txt" || fail "$package: no /usr/bin/leadsman"
  done
fi
program=$work/root/usr/bin/leadsman
if ldd "$program" >/dev/null 2>&1; then fail "$program is not static"; fi
(cd "$work" && "$program" report -o site >/dev/null && test -f site/index.html)

# leadsman-onnx has the engine that the others say it has, where its library is.
onnx=$(echo "$release"/leadsman-onnx_linux_amd64*/leadsman-onnx)
if [ "$(go env GOOS)/$arch" = linux/amd64 ] && [ -e "$("$onnx" deps --show | tail -1)" ]; then
  "$onnx" perfbench model testdata/model.ubj --engine onnx --format bench >/dev/null
  echo "release: leadsman-onnx scores with ONNX Runtime"
fi
if "$program" perfbench model testdata/model.ubj --engine onnx 2> "$work/said"; then fail "a static program has the engine onnx"; fi
grep -q 'leadsman-onnx of the same release has the engine' "$work/said" || fail "the static program does not name leadsman-onnx: $(cat "$work/said")"

# The manifest of Scoop and the cask of Homebrew name these very archives.
for manifest in "$release"/scoop/leadsman.json "$release"/homebrew/Casks/leadsman.rb; do
  [ -f "$manifest" ] || fail "no $manifest"
  grep -oE '\b[0-9a-f]{64}\b' "$manifest" | while read -r sum; do
    grep -q "^$sum " "$release/checksums.txt" || fail "$manifest: no file has the digest $sum"
  done
done
[ "$(find build/dist -name 'leadsman-*.whl' | wc -l)" = 6 ] || fail "want 6 wheels"
for wheel in build/dist/leadsman-*.whl; do
  case $wheel in *-any.whl) fail "$wheel is of any platform" ;; esac
done

(cd "$release" && find . -maxdepth 3 -type f \( -name '*.tar.gz' -o -name '*.zip' -o -name '*.deb' -o -name '*.rpm' -o -name '*.cdx.json' -o -name checksums.txt -o -name leadsman.json -o -name leadsman.rb \) -printf '%s %P\n'
 cd ../dist && find . -name '*.whl' -printf '%s %P\n') | LC_ALL=C sort -k2 | awk '{ printf "%10d  %s\n", $1, $2 }' | tee "$release/files.txt"
