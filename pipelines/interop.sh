#!/usr/bin/env bash
# Checks the files that leadsman shares with pyarrow, pandas, polars and DuckDB,
# in both directions. Needs python3; the packages go to build/venv.
set -euo pipefail

here=$(dirname "$0")/interop
venv=build/venv
work=build/interop
rm -rf "$work"
mkdir -p "$work"

pipelines/venv.sh "$venv" "$here/requirements.txt"

simulate predictions --rows 3000 --seed 5 -o "$work/predictions.jsonl"
ingest "$work/predictions.jsonl" -o "$work/tables/"
ingest "$work/predictions.jsonl" -o "$work/bundle.arrows"
driftcalc "$work/bundle.arrows" -o "$work/drift/"
driftcalc plan --reference testdata/reference.csv -o "$work/plan.arrows"
driftcalc profile --plan "$work/plan.arrows" "$work/bundle.arrows" -o "$work/profile.arrows"
driftcalc "$work/bundle.arrows" --format csv --table findings -o "$work/findings.csv"

"$venv/bin/python" "$here/check.py" "$work"

for writer in pyarrow pandas polars duckdb; do
  mkdir "$work/$writer"
  mv "$work/$writer.parquet" "$work/$writer/predictions.parquet"
  driftcalc "$work/$writer/" --format csv --table findings -o "$work/$writer.csv"
  cmp "$work/findings.csv" "$work/$writer.csv"
  echo "interop: driftcalc reads what $writer wrote, with the same findings"
done

# Logs that other libraries write, each read by the program that is shipped for it.
logs=build/venv-logs
pipelines/venv.sh "$logs" "$here/logs/requirements.txt"
"$here/logs/write.sh" "$logs/bin/python" "$work/logs"
for name in bentoml loguru mlflow otlp structlog; do
  ingest --from "$name" --table predictions --format jsonl -o "$work/logs/$name.rows" "$work/logs/$name.jsonl"
  "$logs/bin/python" "$here/logs/check.py" "$name" "$work/logs/$name.rows"
done
BENTOML_DO_NOT_TRACK=True PYTHONWARNINGS=ignore "$logs/bin/python" "$here/logging_docs.py" docs/logging.md "$work/written"
for log in "$work"/written/{fastapi,flask,batch}/predictions* "$work"/written/bentoml/monitoring/churn/data/*; do
  from=()
  if [[ $log == */bentoml/* ]]; then from=(--from bentoml); fi
  [ "$(ingest "${from[@]}" --table predictions --format csv "$log" | cut -d, -f2 | tr '\n' ' ')" = "score 0.515625 0.90625 0.328125 " ]
  echo "interop: ingest reads ${log#"$work"/written/}"
done
for log in "$work"/logs/nginx-*.log; do
  [ -e "$log" ] || { echo "interop: no nginx here: its log is not written anew"; continue; }
  ingest --from nginx --table requests --format jsonl -o "$log.rows" "$log"
  "$logs/bin/python" "$here/logs/check.py" nginx "$log.rows"
done

# The recipes of docs/recipes.md.
recipes=build/venv-recipes
pipelines/venv.sh "$recipes" "$here/recipes.txt"
"$recipes/bin/python" "$here/recipes.py" docs/recipes.md "$work/recipes"
[ "$(ingest --from kserve --table predictions --format csv "$work/recipes/pairs.jsonl" | grep -c '^2026')" = 6 ]
for table in delta iceberg; do
  [ "$(ingest --table predictions --format csv <"$work/recipes/$table.arrows" | grep -c '^2026')" = 4 ]
done
echo "interop: ingest reads what the recipes hand it"

# An object store: the AWS command line against a server that stands in for S3.
export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL=http://127.0.0.1:18088
"$recipes/bin/moto_server" -p 18088 >"$work/moto.txt" 2>&1 &
moto=$!
trap 'kill "$moto"' EXIT
for _ in $(seq 300); do
  if "$recipes/bin/aws" s3 mb s3://bucket >/dev/null 2>&1; then break; fi
  sleep 0.2
done
gzip -c "$work/predictions.jsonl" | "$recipes/bin/aws" s3 cp - s3://bucket/logs/predictions.jsonl.gz
[ "$("$recipes/bin/aws" s3 cp s3://bucket/logs/predictions.jsonl.gz - | ingest --table predictions --format csv | wc -l)" = 3001 ]
echo "interop: ingest reads a log from an object store through a pipe"

# What Prometheus makes of a site's metrics, of the rules and of their tests.
if command -v promtool >/dev/null; then
  render -o "$work/site" "$work/drift/"
  promtool check metrics < "$work/site/metrics.prom"
  promtool check rules docs/examples/alerts.yml
  promtool test rules docs/examples/alerts_test.yml
elif [ -n "${CI:-}" ]; then
  echo "interop: no promtool: install Debian's prometheus" >&2
  exit 1
else
  echo "interop: metrics and rules were not checked: there is no promtool (Debian's prometheus has it)" >&2
fi
