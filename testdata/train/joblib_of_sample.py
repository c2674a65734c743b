"""Writes the sample model as a joblib, as its owner would have it, and rows that it takes:

    python joblib_of_sample.py sample.joblib rows.csv

Needs xgboost, scikit-learn, joblib and pandas. Both are made of what is committed: model.ubj,
and the columns of oracle/leads.jsonl.gz.
"""
import gzip
import json
import os
import sys

import joblib
import pandas as pd
from xgboost import XGBClassifier

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
model = XGBClassifier(n_jobs=1)
model.load_model(os.path.join(HERE, "model.ubj"))
joblib.dump(model, sys.argv[1])
with gzip.open(os.path.join(HERE, "oracle", "leads.jsonl.gz"), "rt") as f:
    rows = [json.loads(line)["columns"] for line in f]
pd.DataFrame(rows, columns=model.get_booster().feature_names, dtype=float).to_csv(sys.argv[2], index=False)
