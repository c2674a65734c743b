#!/usr/bin/env bash
# Lays Spark out in build/spark, from PyPI, with an environment to drive it, and
# prints its home. pip would pack and unpack its 460 MB of jars once more to install it.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=4.3.0
home=build/spark/pyspark-$version
if [ ! -e "$home/pyspark/jars" ]; then
  rm -rf build/spark
  mkdir -p build/spark
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pyspark --dest build/spark "pyspark==$version" >&2
  tar -xzf "build/spark/pyspark-$version.tar.gz" -C build/spark
  rm "build/spark/pyspark-$version.tar.gz"
  for dir in bin sbin jars; do ln -s "../deps/$dir" "$home/pyspark/$dir"; done
fi
pipelines/venv.sh build/venv-spark pipelines/cluster/requirements.txt >&2
echo "$PWD/$home"
