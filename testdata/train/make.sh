#!/usr/bin/env bash
# Makes the sample case again: reference, model, features, oracle.
# Needs python3; the packages go to build/venv-train.
set -euo pipefail

venv=build/venv-train
pipelines/venv.sh "$venv" testdata/train/requirements.txt
simulate reference --seed 2 --rows 20000 > build/fresh.csv
simulate reference --seed 1 --rows 303 | "$venv/bin/python" testdata/train/train.py --fresh build/fresh.csv testdata
