#!/usr/bin/env bash
# Judges PAIRS references and nights without drift by the real Evidently and by
# driftcalc, and prints how far they agree and how often each raises a false
# alarm. Needs python3 and PyPI; PYTHON names an interpreter that has
# pkg/drift/testdata/evidently/requirements.txt already.
set -euo pipefail

PAIRS=${PAIRS:-20} REFERENCE=${REFERENCE:-303} ROWS=${ROWS:-500}
top=$(cd "$(dirname "$0")/../.." && pwd)
work=build/evidently
mkdir -p "$work"
if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$work/venv"
  PYTHON=$work/venv/bin/python
  "$PYTHON" -m pip install -q -r "$top/pkg/drift/testdata/evidently/requirements.txt"
fi

for seed in $(seq "$PAIRS"); do
  dir=$work/$seed
  mkdir -p "$dir"
  simulate reference --rows "$REFERENCE" --seed "$seed" > "$dir/reference.csv"
  simulate predictions --rows "$ROWS" --seed "$((seed + 1000))" > "$dir/night.jsonl" 2> "$dir/notes"
  ingest --config "$top/testdata/monitor.yaml" "$dir/night.jsonl" > "$dir/night.arrows" 2>> "$dir/notes"
  for policy in calibrated evidently; do
    for table in run findings; do
      driftcalc --config "$top/testdata/monitor.yaml" --reference "$dir/reference.csv" --policy "$policy" --table "$table" --format jsonl "$dir/night.arrows" > "$dir/$policy.$table" 2>> "$dir/notes"
    done
  done
done
PYTHONHASHSEED=0 "$PYTHON" "$top/pipelines/bench/agreement.py" "$top/pkg/drift/testdata/evidently" "$work" "$PAIRS"
