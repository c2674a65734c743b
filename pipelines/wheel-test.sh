#!/usr/bin/env bash
# Builds this platform's wheel and tests it in a fresh environment: with polars and
# nothing else first, then with pandas and pyarrow beside it.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf build/dist build/venv-build build/venv-wheel
python3 -m venv build/venv-build
build/venv-build/bin/pip install --quiet --disable-pip-version-check hatchling==1.33.0
PYTHON=$PWD/build/venv-build/bin/python pipelines/wheel.sh

python3 -m venv build/venv-wheel
pip() { build/venv-wheel/bin/pip install --quiet --disable-pip-version-check "$@"; }
pip build/dist/leadsman-*.whl pytest==9.2.0 polars==2.1.0
# From another directory, so that the package is the installed one.
tests=$PWD/python/tests
(cd build/venv-wheel && bin/python -m pytest -c "$tests/../pyproject.toml" --rootdir "$tests" -p no:cacheprovider "$tests/test_program.py" "$tests/test_polars.py")
pip pandas==3.1.1 pyarrow==26.0.1 duckdb==2.0.0
(cd build/venv-wheel && bin/python -m pytest -c "$tests/../pyproject.toml" --rootdir "$tests" -p no:cacheprovider "$tests")
