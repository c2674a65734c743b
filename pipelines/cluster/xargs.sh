#!/usr/bin/env bash
# A hundred shards of a log on one machine by xargs, one of them missing at first: what
# docs/scale.md shows. xargs.sh WORK
set -euo pipefail
cd "$1"

simulate predictions --rows 20000 --seed 5 -o many.jsonl 2>/dev/null
rm -rf shards && mkdir shards
split --number=l/100 --numeric-suffixes --suffix-length=3 many.jsonl shards/
count() { # SHARD
  # shellcheck disable=SC2094 # another file
  ingest --plan plan.arrows --stdin-name "$1" <"$1" | driftcalc profile --plan plan.arrows --shard "$1" -o "$1.profile"
}
export -f count
printf '%s\n' shards/??? >names
# A worker that was killed would leave no profile: what is missing is named, and run.
grep -v 042 names | xargs -P 2 -I{} bash -c 'set -o pipefail; count {}'
if driftcalc merge --plan plan.arrows --expect names -o many.arrows shards/*.profile 2>missing; then
  echo "cluster: a missing shard went unseen" >&2
  exit 1
fi
grep -q '1 shard is of 100 missing: shards/042' missing
count shards/042
driftcalc merge --plan plan.arrows --expect names -o many.arrows shards/*.profile
driftcalc compare --plan plan.arrows --ref reference.arrows -o parts.arrows many.arrows
ingest --plan plan.arrows many.jsonl 2>/dev/null | driftcalc --reference reference.csv -o whole.arrows 2>/dev/null
cmp parts.arrows whole.arrows
echo "cluster: xargs: 100 shards, one of them missing at first, give the bytes of one process"
