#!/usr/bin/env bash
# The examples of docs/export/examples.md, each held to Python's scores; then a FastAPI
# service with a joblib on loopback: its predict_proba timed, the service profiled by py-spy
# while perfbench loads it, all of it one report in build/python-models/report.md.
#
#   VENV  a directory with the packages of pipelines/interop/examples.txt
#         (build/venv-examples, made here)
set -euo pipefail

here=pipelines/interop
venv=${VENV:-build/venv-examples}
if [ -z "${VENV:-}" ]; then
  pipelines/venv.sh "$venv" "$here/examples.txt"
fi
venv=$(cd "$venv" && pwd)
"$venv/bin/python" "$here/export_examples.py"

service=$PWD/$here/service.py
timer=$PWD/docs/export/time_python.py
work=build/python-models
rm -rf "$work"
mkdir -p "$work"
cd "$work"
port=18089
"$venv/bin/python" "$service"
OMP_NUM_THREADS=1 "$venv/bin/python" "$timer" model.joblib rows.csv -n 500 -o python.jsonl
"$venv/bin/python" "$service" "$port" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 600); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.1
done
"$venv/bin/py-spy" record --format speedscope --rate 100 --duration 10 --pid "$server" -o service.speedscope.json >py-spy.log 2>&1 &
profiler=$!
perfbench api "http://127.0.0.1:$port" --bodies bodies.jsonl --burst 20 --rate 20 --duration 8s -o api.arrows
wait "$profiler" || { cat py-spy.log >&2; exit 1; }
perfbench profile service.speedscope.json -o profile.arrows
perfbench model model.ubj --n 2000 --batch 1,50,1000 -o model.arrows
perfbench report model.arrows api.arrows profile.arrows --baseline python.jsonl -o report.md
for want in 'The baseline is .joblib.; engines' '^## Where the time goes in service.speedscope.json$' 'service.py('; do
  grep -q "$want" report.md || { echo "python-models: the report lacks $want" >&2; exit 1; }
done
if grep -q 'own server' report.md; then
  echo "python-models: the report speaks of leadsman's own server" >&2
  exit 1
fi
echo "python-models: $work/report.md"
