"""Writes given-up.parquet with pyarrow 26.0.1: a dictionary, then pages without one."""
import pyarrow as pa
import pyarrow.parquet as pq

words = [None if i % 7 == 3 else f"word {i % 20 if i < 900 else i}" for i in range(2000)]
pq.write_table(pa.table({"w": words}), "given-up.parquet", compression="zstd", dictionary_pagesize_limit=1000, data_page_size=500, write_batch_size=50, store_schema=False)
