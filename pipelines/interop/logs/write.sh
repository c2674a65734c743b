#!/usr/bin/env bash
# Writes a small log with each library of requirements.txt, and an access log with
# nginx where it is installed, into DIR: write.sh PYTHON DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

for name in bentoml loguru mlflow otlp structlog; do
  rm -f "$dir/$name.jsonl"
  TZ=UTC BENTOML_DO_NOT_TRACK=True PYTHONWARNINGS=ignore "$python" "$here/${name}_log.py" "$dir/$name.jsonl" >/dev/null
done

command -v nginx >/dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
sed "s|WORK|$work|g" "$here/nginx.conf" >"$work/nginx.conf"
head -c 60000 /dev/zero >"$work/slow"
nginx -e "$work/error.log" -c "$work/nginx.conf"
for request in "GET /predict?user=7" "POST /predict/batch" "GET /missing" "GET /slow"; do
  curl -s -o "$work/answer" -X "${request% *}" -A 'cur"l' "http://127.0.0.1:18087${request#* }"
done
nginx -e "$work/error.log" -c "$work/nginx.conf" -s quit
while [ -e "$work/nginx.pid" ]; do sleep 0.1; done
cp "$work"/nginx-*.log "$dir/"
