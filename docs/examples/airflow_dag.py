"""Airflow 3: the site every night, and a task that fails on drift.

leadsman is on the workers' PATH: `pip install leadsman` puts it there. The history
and the site lie on storage that all workers share.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

SHARED = os.environ.get("LEADSMAN_HOME", "/srv/model")
SETTINGS = {
    "CONFIG": f"{SHARED}/monitor.yaml",
    "LOGS": f"{SHARED}/logs",
    "OUT": f"{SHARED}/site",
    "HISTORY": f"{SHARED}/history.parquet",
}


@dag(
    schedule="17 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # one night ends before the next begins
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
    tags=["monitoring"],
)
def leadsman_nightly():
    # The night is the run's own: run again, it is replaced and not added.
    report = BashOperator(task_id="report", bash_command="leadsman report --now '{{ data_interval_end | ts }}'", env=SETTINGS, append_env=True)
    # Status 3 is drift: it will not go away by asking again.
    gate = BashOperator(task_id="gate", bash_command="leadsman gate", env=SETTINGS, append_env=True, retries=0)
    report >> gate


leadsman_nightly()
