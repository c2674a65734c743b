#!/usr/bin/env bash
# Counts a log on a cluster and on one machine: the same tables, whatever happens to the
# workers. `check.sh smoke` on two small executors, `check.sh all` on a master with two
# workers on 127.0.0.1 and 127.0.0.2, Dask, and a hundred shards by xargs. Needs Java 17 or later.
#
#   ROWS  of the log that is timed (200000)
#   ONLY  the checks of the cluster by name (all): lines typed poisoned killed measured speculated
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=${1:-smoke}
work=build/cluster
rm -rf "$work"
mkdir -p "$work"

command -v java >/dev/null || { echo "cluster: no java here: apt-get install default-jre-headless" >&2; exit 1; }
home=$(pipelines/cluster/spark.sh)

simulate reference --rows 2000 --seed 1 -o "$work/reference.csv" 2>/dev/null
driftcalc plan --reference "$work/reference.csv" -o "$work/plan.arrows" 2>/dev/null
driftcalc profile --plan "$work/plan.arrows" --reference "$work/reference.csv" -o "$work/reference.arrows" 2>/dev/null

LEADSMAN_BIN=$(dirname "$(command -v leadsman)")
PYSPARK_PYTHON=$PWD/build/venv-spark/bin/python
export LEADSMAN_BIN PYSPARK_PYTHON
export SPARK_HOME="$home/pyspark" SPARK_LOCAL_IP=127.0.0.1 PYTHONPATH="$home:$PWD/python" PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
"$PYSPARK_PYTHON" pipelines/cluster/check.py "$mode" "$work"
if [ "$mode" = all ]; then
  pipelines/cluster/xargs.sh "$work"
  pipelines/venv.sh build/venv-dask pipelines/cluster/dask.txt
  PYTHONPATH=$PWD/python build/venv-dask/bin/python pipelines/cluster/dask_check.py "$work"
fi
