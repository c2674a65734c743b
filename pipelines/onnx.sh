#!/usr/bin/env bash
# Checks the ONNX files that leadsman writes: by the ONNX checker, by ONNX
# Runtime from Python, and against onnxmltools' conversions of the same models.
# Needs python3; the packages go to build/venv-onnx.
set -euo pipefail

here=pkg/model/testdata
venv=build/venv-onnx
pipelines/venv.sh "$venv" "$here/requirements-onnx.txt"
"$venv/bin/python" "$here/check_onnx.py"
