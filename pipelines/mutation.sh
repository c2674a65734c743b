#!/usr/bin/env bash
# Changes operators one at a time, runs the tests, and keeps docs/mutation.md:
# what no test noticed. It works on a copy of the tree.
#
#   PACKAGES  packages to try (pkg/stats and the package of the day)
#   FILES     their files to try (all, those that have waited longest first)
#   BUDGET    seconds a package: no file is begun after them, and none may take
#             longer (2400)
#   WORKERS   mutants that are tried at once (2)
set -euo pipefail
cd "$(dirname "$0")/.."

BUDGET=${BUDGET:-2400}
WORKERS=${WORKERS:-2}
gremlins=github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
page=docs/mutation.md

work=$(mktemp -d)
child=
finish() {
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || true
    wait "$child" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

mkdir "$work/bin" "$work/tmp" "$work/repo"
go build -o "$work/bin/mutation" ./pipelines/mutation
GOBIN="$work/bin" go install "$gremlins"
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -c | tar -x -C "$work/repo"
GO=$(command -v go)
export GO
ln -s "$PWD/pipelines/mutation/go.sh" "$work/bin/go"

module=$(go list -m)
if [ -z "${PACKAGES:-}" ]; then
  mapfile -t others < <(go list ./pkg/outcome/... ./pkg/verdict ./pkg/drift/... | sed "s|^$module/||")
  PACKAGES="pkg/stats ${others[$(date +%-j) % ${#others[@]}]}"
fi

# waiting lists a package's files, those that have waited longest first.
waiting() {
  find "$1" -maxdepth 1 -name '*.go' ! -name '*_test.go' | sort | while read -r file; do
    echo "$(sed -n "s#^| \`$file\` | \([^ ]*\) .*#\1#p" "$page") $file"
  done | sort -s -t' ' -k1,1 | cut -d' ' -f2
}

# try runs gremlins on one file.
try() {
  local package=$1 file=$2 others
  cd "$work/repo"
  others=$(find "$package" -name '*.go' ! -path "$file" -printf '%P|')
  export PATH="$work/bin:$PATH" TMPDIR="$work/tmp" ABOVE=
  case $package in pkg/drift/*) ABOVE=$module/pkg/drift ;; esac
  export GOFLAGS="${GOFLAGS:-} -trimpath -short -vet=off -count=1"
  exec timeout --kill-after=60 "$BUDGET" gremlins unleash --workers "$WORKERS" --timeout-coefficient 10 --invert-logical \
    --coverpkg "./$package" --exclude-files "^(${others%|})\$" --output "$work/result.json" "./$package"
}

for package in $PACKAGES; do
  end=$((SECONDS + BUDGET))
  for file in ${FILES:-$(waiting "$package")}; do
    if [ "$(dirname "$file")" != "$package" ] || [ "$SECONDS" -ge "$end" ]; then
      continue
    fi
    rm -f "$work/result.json"
    try "$package" "$file" &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
      echo "mutation: $file: not done after $BUDGET s, tried again next time" >&2
      continue
    elif [ "$status" != 0 ]; then
      exit "$status"
    fi
    result=$work/result.json
    if [ ! -e "$result" ]; then
      result=
    fi
    "$work/bin/mutation" "$(date +%F)" "$file" "$result"
  done
done
