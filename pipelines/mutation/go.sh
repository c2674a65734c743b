#!/usr/bin/env bash
# The go command that gremlins finds first in PATH. It tests the package alone,
# without those below it, and then that of ABOVE; it ends with the status 2 that
# gremlins expects of a mutant that does not compile; and it has what stands
# between two blocks of a coverage profile covered when either block is: the
# conditions of cases and package-level declarations. GO is the real one.
set -euo pipefail

if [ "$1" != test ]; then
  exec "$GO" "$@"
fi
options=("${@:1:$#-1}")
package=${*: -1}
packages=("${package%/...}")
if [ -n "$ABOVE" ]; then
  packages+=("$ABOVE")
fi

profile=
for ((i = 1; i < $#; i++)); do
  if [ "${!i}" = -coverprofile ]; then
    i=$((i + 1))
    profile=${!i}
  fi
done
if [ -n "$profile" ]; then
  "$GO" "${options[@]}" "${packages[@]}"
  # file, first line, column, last line, column, statements, hits
  sed -n 's/:\([0-9]*\)\.\([0-9]*\),\([0-9]*\)\.\([0-9]*\) / \1 \2 \3 \4 /p' "$profile" |
    sort -k1,1 -k2,2n -k3,3n -k7,7nr |
    awk '
      seen[$1, $2, $3]++ { next }
      $1 == file && (hits || $7) && (line < $2 || line == $2 && column < $3) {
        print file ":" line "." column "," $2 "." $3, 0, 1
      }
      { file = $1; line = $4; column = $5; hits = $7 }' >"$profile.gaps"
  cat "$profile.gaps" >>"$profile"
  exit
fi

for package in "${packages[@]}"; do
  if ! output=$("$GO" "${options[@]}" "$package" 2>&1); then
    case $output in *"[build failed]"*) exit 2 ;; esac
    exit 1
  fi
done
