#!/usr/bin/env bash
# Trains a model of every kind that is read with the real libraries, and writes the table
# of docs/models.md: the largest difference from the library's own scores by engine, by the
# exported form, and by explanation. Needs python3 and ONNX Runtime (make deps).
#
#   VENV    a directory with the packages (build/venv-matrix, made here)
#   ROUNDS  trees of each output (100)
#   ROWS    rows of the training data that are scored; as many again lie at thresholds and on
#           both sides of them (500)
set -euo pipefail

here=pkg/model/testdata
venv=${VENV:-build/venv-matrix}
if [ -z "${VENV:-}" ]; then
  pipelines/venv.sh "$venv" "$here/requirements-kinds.txt"
  pipelines/venv.sh "$venv" "$here/requirements-onnx-models.txt"
fi
python=$(cd "$venv" && pwd)/bin/python
work=$PWD/build/matrix
rm -rf "$work"
mkdir -p "$work/kinds" "$work/onnx"
"$python" -W ignore "$here/kinds.py" "$work/kinds" "${ROUNDS:-100}" "${ROWS:-500}"
(cd "$work" && "$python" -W ignore "$OLDPWD/$here/onnx_models.py" "$work/onnx" >&2)
go run ./pipelines/matrix "$work/kinds" "$work/onnx" >"$work/matrix.md"
awk -v table="$work/matrix.md" '
  /^<!-- matrix -->$/ { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1 }
  /^<!-- end of matrix -->$/ { skip = 0 }
  !skip { print }' docs/models.md >"$work/models.md"
cp "$work/models.md" docs/models.md
