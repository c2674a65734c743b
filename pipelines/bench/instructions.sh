#!/usr/bin/env bash
# Counts the instructions of a few small cases under callgrind and holds them
# against those committed in pipelines/bench/instructions.txt. They differ by a
# hundredth of a percent from run to run, whatever else the machine does, which
# no time does: a case that needs 5 % more is told, and the status is 1.
# Needs valgrind. UPDATE=1 writes the file: say in the commit what it is for.
set -euo pipefail

known=pipelines/bench/instructions.txt
command -v valgrind > /dev/null || { echo "bench-instructions: needs valgrind (apt-get install valgrind)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One thread and no collection: both would come at another moment each time.
export GOMAXPROCS=1 GOGC=off GODEBUG=asyncpreemptoff=1

count() { # count NAME COMMAND…
  local name=$1
  shift
  if ! valgrind --tool=callgrind --callgrind-out-file="$work/out" --log-file="$work/log" "$@" > /dev/null 2> "$work/said"; then
    cat "$work/said" >&2
    exit 1
  fi
  printf '%s\t%s\n' "$name" "$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/log")" >> "$work/counts"
}

{
  simulate predictions --rows 3000 --seed 1 --days 7 -o "$work/log.jsonl"
  simulate reference --rows 3000 --seed 2 -o "$work/reference.csv"
  ingest "$work/log.jsonl" -o "$work/log.parquet" --table predictions
  ingest "$work/log.jsonl" -o "$work/log.arrows"
  driftcalc plan --reference "$work/reference.csv" -o "$work/plan.arrows"
  driftcalc profile --plan "$work/plan.arrows" --reference "$work/reference.csv" -o "$work/reference.arrows"
  driftcalc profile --plan "$work/plan.arrows" "$work/log.parquet" -o "$work/log.profile"
  driftcalc --reference "$work/reference.csv" "$work/log.arrows" -o "$work/verdict.arrows"
} 2> "$work/said" || { cat "$work/said" >&2; exit 1; }

count start leadsman --version
count ingest-arrow ingest "$work/log.jsonl" -o "$work/x.arrows"
count ingest-parquet ingest "$work/log.jsonl" -o "$work/x.parquet" --table predictions
count plan driftcalc plan --reference "$work/reference.csv" -o "$work/x.plan"
count profile driftcalc profile --plan "$work/plan.arrows" "$work/log.parquet" -o "$work/x.profile"
count compare driftcalc compare --plan "$work/plan.arrows" --ref "$work/reference.arrows" "$work/log.profile" -o "$work/x.verdict"

version=$(go env GOVERSION)
if [ -n "${UPDATE:-}" ]; then
  { echo "# instructions under callgrind, $version; UPDATE=1 make bench-instructions"; cat "$work/counts"; } > "$known"
fi
if ! grep -q " $version;" "$known"; then
  echo "bench-instructions: counted with another Go than $version: differences may be the compiler's" >&2
fi
awk -F '\t' '
  /^#/ { next }
  NR == FNR { before[$1] = $2; next }
  !($1 in before) { printf "%-16s %15d  not in the list\n", $1, $2; bad = 1; next }
  { more = 100 * ($2 / before[$1] - 1); printf "%-16s %15d  %+.2f %%%s\n", $1, $2, more, (more > 5 ? "  more than 5 % slower" : ""); if (more > 5) bad = 1 }
  END { exit bad }' "$known" "$work/counts"
