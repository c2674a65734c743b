#!/usr/bin/env bash
# Checks the files that leadsman shares with pyarrow, pandas, polars and DuckDB,
# in both directions. Needs python3; the packages go to build/venv.
set -euo pipefail

here=$(dirname "$0")/interop
venv=build/venv
work=build/interop
rm -rf "$work"
mkdir -p "$work"

python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"

simulate predictions --rows 3000 --seed 5 -o "$work/predictions.jsonl"
ingest "$work/predictions.jsonl" -o "$work/tables/"
ingest "$work/predictions.jsonl" -o "$work/bundle.arrows"
driftcalc "$work/bundle.arrows" -o "$work/drift/"
driftcalc "$work/bundle.arrows" --format csv --table findings -o "$work/findings.csv"

"$venv/bin/python" "$here/check.py" "$work"

for writer in pyarrow pandas polars duckdb; do
  mkdir "$work/$writer"
  mv "$work/$writer.parquet" "$work/$writer/predictions.parquet"
  driftcalc "$work/$writer/" --format csv --table findings -o "$work/$writer.csv"
  cmp "$work/findings.csv" "$work/$writer.csv"
  echo "interop: driftcalc reads what $writer wrote, with the same findings"
done
