#!/usr/bin/env bash
# Fetches the nights that the repository's Pages have. Only where there are none does
# the history begin: any other failure must not lose the nights before.
set -euo pipefail

if ! site=$(gh api "repos/$GITHUB_REPOSITORY/pages" --jq .html_url 2> "$RUNNER_TEMP/pages.txt"); then
  cat "$RUNNER_TEMP/pages.txt"
  grep -q "HTTP 404" "$RUNNER_TEMP/pages.txt"
  echo "no site yet: the history starts here"
  exit 0
fi
status=$(curl --silent --show-error --location --max-time 60 --retry 3 --write-out '%{http_code}' \
  --output "$RUNNER_TEMP/history.parquet" "${site%/}/data/history.parquet")
case "$status" in
  200 | 000) ;; # 000: not by HTTP
  404) rm -f "$RUNNER_TEMP/history.parquet"; echo "no earlier nights: the history starts here" ;;
  *) echo "the history of earlier nights: status $status" >&2; exit 1 ;;
esac
