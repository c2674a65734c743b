#!/usr/bin/env bash
# Prints what a million log lines cost: bytes per CPU-second of ingest, wall
# time of the pipe and the largest resident set of every process, at ROWS/10
# and ROWS. Needs bash, GNU time (apt-get install time).
set -euo pipefail

ROWS=${ROWS:-1000000}
work=build/bench
mkdir -p "$work"

measure() { # measure NAME COMMAND…: runs it and notes "name cpu-seconds wall-seconds kilobytes"
  local name=$1
  shift
  /usr/bin/time -f "$name %U %S %e %M" -a -o "$work/times" "$@"
}

run() { # run ROWS
  local rows=$1 log=$work/predictions-$1.jsonl
  [ -s "$log" ] || simulate predictions --rows "$rows" --seed 1 --days 30 -o "$log"
  [ -s "$work/requests-$rows.jsonl" ] || simulate requests --rows "$rows" --seed 1 --days 30 -o "$work/requests-$rows.jsonl"
  : > "$work/times"
  measure ingest-alone ingest "$log" > /dev/null
  {
    measure ingest ingest "$log"
    measure ingest-requests ingest --kind requests "$work/requests-$rows.jsonl"
  } | measure driftcalc driftcalc | measure render render -o "$work/site"
  local bytes
  bytes=$(stat -c %s "$log")
  awk -v rows="$rows" -v bytes="$bytes" '
    { cpu[$1] = $2 + $3; wall[$1] = $4; kb[$1] = $5 }
    END {
      printf "%d rows, %.0f MB of JSON\n", rows, bytes / 1e6
      printf "  ingest alone: %.0f MB of JSON per CPU-second, %.2f s\n", bytes / 1e6 / cpu["ingest-alone"], wall["ingest-alone"]
      printf "  ingest | driftcalc | render: %.2f s from first to last\n", wall["render"]
      for (name in kb) printf "  %-16s %6.2f CPU-seconds %5.0f MB resident\n", name, cpu[name], kb[name] / 1024 | "sort"
    }' "$work/times"
}

run $((ROWS / 10))
run "$ROWS"
