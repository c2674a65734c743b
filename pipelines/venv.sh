#!/usr/bin/env bash
# Makes a Python environment, or brings it up to date: venv.sh DIR REQUIREMENTS...
# By uv, from PyPI, in whose cache environments share their packages.
set -euo pipefail

dir=$1
shift
uv=build/venv-uv/bin/uv
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1} # whom the machine trusts, as pip and Go do
if [ ! -x "$uv" ]; then
  python3 -m venv build/venv-uv
  build/venv-uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
fi
[ -e "$dir/pyvenv.cfg" ] || "$uv" venv --quiet "$dir"
"$uv" pip install --quiet --python "$dir/bin/python" "${@/#/--requirement=}"

