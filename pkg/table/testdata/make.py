"""Writes the files of other programs beside it, which TestOtherWriters reads.

Made with polars 2.1 and pyarrow 26; run in this directory.
"""
import datetime as dt

import polars as pl
import pyarrow as pa
from pyarrow import ipc
from pyarrow import parquet as pq

at = [dt.datetime(2026, 1, 5, tzinfo=dt.timezone.utc) + dt.timedelta(minutes=i) for i in range(3)]
frame = pl.DataFrame({"timestamp": at, "score": [0.25, 0.5, 0.75], "plan": ["basic", None, "plus, with a longer name"], "none": [None] * 3})
for compression in "uncompressed", "zstd":
    frame.write_ipc(f"polars-{compression}.arrow", compression=compression)

table = pa.table({"timestamp": pa.array(at, pa.timestamp("us", "UTC")), "score": [0.25, 0.5, 0.75], "plan": ["basic", None, "plus, with a longer name"], "none": pa.nulls(3)})
old = ipc.IpcWriteOptions(metadata_version=ipc.MetadataVersion.V4, use_legacy_format=True)
with ipc.new_stream("arrow-0.14.arrows", table.schema, options=old) as out:
    out.write_table(table)
with ipc.new_file("arrow-0.14.arrow", table.schema, options=old) as out:
    out.write_table(table)

# As Impala, Hive and Spark 2 write times; 1600 and 9999 are beyond nanoseconds.
old_times = [dt.datetime(1600, 1, 1), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999999), dt.datetime(2026, 1, 5, 6, 7, 8, 9), dt.datetime(9999, 12, 31, 23, 59, 59)]
table = pa.table({"x": pa.array(range(5)), "at": pa.array(old_times, pa.timestamp("us")), "in": pa.array([None, {"at": old_times[2]}, {"at": None}, {"at": old_times[3]}, {"at": old_times[0]}], pa.struct([("at", pa.timestamp("us"))]))})
pq.write_table(table, "int96.parquet", use_deprecated_int96_timestamps=True, row_group_size=2)
