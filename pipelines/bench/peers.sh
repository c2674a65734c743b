#!/usr/bin/env bash
# Installs the peers into throw-away environments under build/peers, runs them
# and leadsman in turn, and writes docs/BENCHMARKS.md. Needs python3, PyPI and
# gcc; some 30 minutes. Where it was stopped it goes on; a peer that cannot be
# installed or fails has a row that says so.
#
#   SIZE     small: a minute or two, to see that it runs; the document is build/peers/small/BENCHMARKS.md
#   ROUNDS   of the cases (5), CHART_ROUNDS of the charts (2)
#   ROWS     and COLUMNS of the Parquet data (200000, 20); LINES of JSON (200000)
#   GROWTH   rows of the chart (1000 10000 100000 1000000 10000000)
#   WIDTHS   columns of the chart (10 100 1000 4000)
#   REPORT   the document (docs/BENCHMARKS.md)
#   PYTHON, PYTHON_EVIDENTLY, PYTHON_NANNYML, PYTHON_WHYLOGS  interpreters that have
#            their peers already; none is installed where PYTHON is set
set -euo pipefail

here=pipelines/bench/peers
work=build/peers
if [ "${SIZE:-}" = small ]; then
  export ROUNDS=${ROUNDS:-1} ROWS=${ROWS:-5000} LINES=${LINES:-5000} GROWTH=${GROWTH:-1000 5000} WIDTHS=${WIDTHS:-10 50}
  data=$work/small
  REPORT=${REPORT:-$data/BENCHMARKS.md}
fi
data=${data:-$work}
mkdir -p "$data"
if [ -z "${PYTHON:-}" ]; then
  environment() { # environment NAME PIP-ARGUMENT…: makes it and prints its interpreter, or nothing
    local python=$work/$1/bin/python
    shift
    [ -x "$python" ] || python3 -m venv "${python%/bin/python}"
    if "$python" -m pip install -q --disable-pip-version-check "$@" >&2; then
      echo "$PWD/$python"
    fi
  }
  PYTHON=$(environment main -r "$here/requirements.txt")
  PYTHON_EVIDENTLY=$(environment evidently -r pkg/drift/testdata/evidently/requirements.txt -r pipelines/bench/requirements.txt)
  PYTHON_NANNYML=$(environment nannyml -r "$here/requirements-nannyml.txt")
  PYTHON_WHYLOGS=$(environment whylogs -r "$here/requirements-whylogs.txt")
  [ -n "$PYTHON" ] || { echo "peers.sh: $here/requirements.txt could not be installed" >&2 && exit 1; }
  export PYTHON_EVIDENTLY PYTHON_NANNYML PYTHON_WHYLOGS
fi

[ -s "$data/log.jsonl" ] || simulate predictions --rows "${LINES:-200000}" --seed 1 --days 30 -o "$data/log.jsonl"
if [ ! -s "$data/large.onnx" ]; then
  "$PYTHON" "$here/peer.py" models "$data"
  for model in small large; do
    perfbench convert "$data/$model.ubj" -o "$data/$model.onnx"
  done
fi
go test -c -o "$data/stats.test" ./pkg/stats
"$PYTHON" "$here/peers.py" "$data" "${REPORT:-docs/BENCHMARKS.md}"
