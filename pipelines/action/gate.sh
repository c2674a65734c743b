#!/usr/bin/env bash
# Says in the output gate whether the level LEVEL was reached; fails where FAIL is true.
set -euo pipefail

gate=0
leadsman gate || gate=$?
echo "gate=$gate" >> "$GITHUB_OUTPUT"
if [ "$gate" != 0 ] && [ "$gate" != 3 ]; then
  exit "$gate" # it could not be asked
fi
if [ "$FAIL" = true ]; then
  exit "$gate"
fi
