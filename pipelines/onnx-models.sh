#!/usr/bin/env bash
# Has scikit-learn's, CatBoost's, LightGBM's and XGBoost's models of today converted to
# ONNX anew, by the versions that the requirements pin, and holds leadsman's engines
# and its explanation to ONNX Runtime's scores of them. With --update they stay, in
# pkg/model/testdata/onnx. Needs python3; the packages go to build/venv-onnx-models.
set -euo pipefail

here=pkg/model/testdata
venv=build/venv-onnx-models
pipelines/venv.sh "$venv" "$here/requirements-onnx-models.txt"
python=$PWD/$venv/bin/python
if [ "${1:-}" != --update ]; then
  kept=$(mktemp -d)
  cp -a "$here/onnx" "$kept/"
  trap 'rm -rf "$here/onnx"; mv "$kept/onnx" "$here/"; rmdir "$kept"' EXIT
fi
(cd "$here" && "$python" onnx_models.py && rm -rf catboost_info)
go test -count=1 -run ONNX ./pkg/model ./pkg/model/ort ./pkg/monitor
