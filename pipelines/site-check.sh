#!/usr/bin/env bash
# Makes the sites that the browser tests open, one a case, below
# build/site-check.
set -euo pipefail

out=${SITES:-build/site-check}
rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Everything but what these commands say of the sample case's being one.
quiet() { "$@" 2>>"$work/log" || { cat "$work/log" >&2; exit 1; }; }

sample=testdata/reference.csv
# The sample case, published.
sed -E "s#^(reference|model|features): #&$PWD/testdata/#; s#^site:#&\n  url: https://monitor.example/#" testdata/monitor.yaml > "$work/monitor.yaml"
config=(--config "$work/monitor.yaml")

quiet perfbench model --hotspots --profile-for 1s "${config[@]}" -o "$work/bench.arrows"

# log NAME FLAG...: both logs of the sample case as tables.
log() {
  local name=$1
  shift
  quiet simulate predictions "$@" -o "$work/$name.jsonl"
  quiet simulate requests "$@" -o "$work/$name-requests.jsonl"
  quiet ingest "${config[@]}" "$work/$name.jsonl" -o "$work/$name.arrows"
  quiet ingest "${config[@]}" --kind requests "$work/$name-requests.jsonl" -o "$work/$name-requests.arrows"
}

# nights NAME FIRST LAST FLAG...: a site that has grown night by night.
nights() {
  local name=$1 first=$2 last=$3 night
  shift 3
  for night in $(seq -f %02.0f "$first" "$last"); do
    quiet driftcalc "${config[@]}" --last 7d --now "2026-01-${night}T00:00:00Z" "$@" \
      "$work/$name.arrows" "$work/$name-requests.arrows" "$work/bench.arrows" -o "$work/report.arrows"
    quiet render "${config[@]}" --history "$work/$name-history.parquet" -o "$out/$name" "$work/report.arrows"
  done
}

log quiet --rows 20000 --days 14 --seed 11
nights quiet 17 19

log drift --scenario gradual --rows 20000 --days 14 --seed 7
quiet simulate requests --scenario latency-regression --rows 20000 --days 14 --seed 7 -o "$work/drift-requests.jsonl"
quiet ingest "${config[@]}" --kind requests "$work/drift-requests.jsonl" -o "$work/drift-requests.arrows"
quiet simulate outcomes --scenario gradual --rows 20000 --days 14 --seed 7 --delay 3d --until 2026-01-19T00:00:00Z -o "$work/drift.csv"
nights drift 13 19 --outcomes "$work/drift.csv"

log outcomes --scenario label-shift --rows 8000 --days 14 --seed 5
quiet simulate outcomes --scenario label-shift --rows 8000 --days 14 --seed 5 --delay 2d --concept-drift 0.5 -o "$work/outcomes.csv"
nights outcomes 19 19 --outcomes "$work/outcomes.csv"

# site NAME LOG FLAG...: a site of one log of predictions.
site() {
  local name=$1 input=$2
  shift 2
  quiet ingest "$input" -o "$work/$name.arrows"
  quiet driftcalc "$@" "$work/$name.arrows" -o "$work/report.arrows"
  quiet render -o "$out/$name" "$work/report.arrows"
}

: > "$work/empty.jsonl"
site empty "$work/empty.jsonl" "${config[@]}"

quiet simulate predictions --rows 1 --seed 3 -o "$work/one.jsonl"
site one "$work/one.jsonl" "${config[@]}"

# 500 features, of which every seventh is shifted in the log.
wide() {
  awk -v rows="$1" -v shift="$2" -v seed="$3" 'BEGIN {
    srand(seed)
    for (j = 1; j <= 500; j++) printf "feature_%03d,", j
    print "score"
    for (i = 0; i < rows; i++) {
      for (j = 1; j <= 500; j++) {
        moved = j % 7 ? 0 : shift
        if (j % 5) printf "%.3f,", rand() + rand() + rand() + moved
        else printf "class %d,", int(6 * rand() ^ (1 + moved))
      }
      printf "%.4f\n", rand()
    }
  }'
}
wide 400 0 1 > "$work/wide.csv"
wide 1000 0.3 2 > "$work/wide-now.csv"
quiet simulate predictions --from "$work/wide-now.csv" --rows 1000 --seed 4 -o "$work/wide.jsonl"
site wide "$work/wide.jsonl" --reference "$work/wide.csv"

# Names that are markup: of a category that both sides know, of one that the
# reference does not, and of a column.
sed 's/51-200/<script>alert(1)<\/script>/; 1s/companytype/<script>alert(2)<\/script>/' "$sample" > "$work/hostile.csv"
sed 's/Government/<img src=x onerror=alert(3)>/' "$work/hostile.csv" > "$work/hostile-now.csv"
quiet simulate predictions --from "$work/hostile-now.csv" --target engaged --rows 2000 --seed 6 -o "$work/hostile.jsonl"
site hostile "$work/hostile.jsonl" --reference "$work/hostile.csv" --target engaged

for case in "$out"/*/; do
  echo "site-check: $(basename "$case"): $(find "$case" -name '*.html' | wc -l) pages" >&2
done
