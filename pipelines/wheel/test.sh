#!/usr/bin/env bash
# Builds this platform's wheel and tests it in a fresh environment: with polars and
# nothing else first, then with pandas, pyarrow and DuckDB beside it, then with the
# libraries whose models it converts; then runs the notebook of docs.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=pipelines/wheel
rm -rf build/dist build/venv-wheel
pipelines/venv.sh build/venv-build "$here/build.txt"
PYTHON=$PWD/build/venv-build/bin/python "$here/build.sh"

echo "$PWD"/build/dist/leadsman-*.whl > build/dist/requirements.txt
pipelines/venv.sh build/venv-wheel build/dist/requirements.txt "$here/polars.txt"
# From another directory, so that the package is the installed one.
tests() {
  (cd build/venv-wheel && bin/python -m pytest --config-file=../../python/pyproject.toml --rootdir=../../python/tests -p no:cacheprovider "$@")
}
tests ../../python/tests/test_program.py ../../python/tests/test_polars.py
pipelines/venv.sh build/venv-wheel "$here/pandas.txt"
tests ../../python/tests/test_frames.py ../../python/tests/test_shards.py
pipelines/venv.sh build/venv-wheel "$here/models.txt"
tests ../../python/tests/test_convert.py

pipelines/venv.sh build/venv-wheel "$here/notebook.txt"
(cd python && ../build/venv-wheel/bin/python -m mypy --cache-dir=../build/mypy)
(cd build/venv-wheel && time bin/python "../../$here/notebook.py" ../../docs/analysis.ipynb "../dist/analysis.ipynb")
rm build/dist/requirements.txt
ls -l build/dist
