"""Writes a data log with bentoml.monitor: bentoml_log.py FILE."""

import shutil
import sys
import tempfile
from pathlib import Path

import bentoml

from rows import LABELS, ROWS

work = Path(tempfile.mkdtemp())
for (features, score), label in zip(ROWS, LABELS):
    with bentoml.monitor("rows", monitor_class="default", monitor_options={"log_path": str(work)}) as m:
        for name, value in features.items():
            kind = "categorical" if isinstance(value, str) else "numerical"
            m.log(value, name=name, role="feature", data_type=kind)
        m.log([score, 1 - score], name="embedding", role="feature", data_type="numerical_sequence")
        m.log(score, name="proba", role="prediction", data_type="numerical")
        m.log(label, name="label", role="prediction", data_type="categorical")
shutil.copy(next((work / "rows" / "data").glob("*.log")), sys.argv[1])
