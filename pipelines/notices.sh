#!/usr/bin/env bash
# Writes the licences and notices of all modules in a program: notices.sh PROGRAM
set -euo pipefail

missing=0
while read -r _ module version _; do
  dir=$(go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
  printf '%s\n%s %s\n%s\n\n' "$(printf '=%.0s' {1..80})" "$module" "$version" "$(printf '=%.0s' {1..80})"
  found=0
  while IFS= read -r file; do
    found=1
    cat "$file"
    echo
  done < <(find "$dir" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) | sort)
  if [ "$found" = 0 ]; then
    echo "notices: $module $version: no licence in its root" >&2
    missing=1
  fi
done < <(go version -m "$1" | awk '$1 == "dep"')
exit "$missing"
