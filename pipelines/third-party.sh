#!/usr/bin/env bash
# Takes a joblib that leadsman has no part in the whole way: info, convert,
# model, report. Run pipelines/onnx.sh before: it makes the environment.
set -euo pipefail

here=$(dirname "$0")/interop
python=build/venv-onnx/bin/python
work=build/third-party
rm -rf "$work"
mkdir -p "$work"

"$python" "$here/third_party.py" train "$work"
perfbench info "$work/model.joblib"
perfbench convert "$work/model.joblib" -o "$work/model.onnx"
"$python" "$here/third_party.py" check "$work"
perfbench model "$work/model.joblib" --batch 1,1000 -o "$work/bench.arrows"
perfbench report "$work/bench.arrows" -o "$work/report.md"
sed -n '/^| rows a call/,/^$/p' "$work/report.md"
