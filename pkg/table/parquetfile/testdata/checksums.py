"""Writes the files with page checksums: checksums.py (pyarrow 19 or later)."""
import pyarrow as pa
import pyarrow.parquet as pq

t = pa.table({"x": pa.array([i * 0.5 for i in range(600)]), "s": ["abc", "de"] * 300})
pq.write_table(t, "checksums-v1.parquet", write_page_checksum=True, use_dictionary=False, compression="none", data_page_size=900)
pq.write_table(t, "checksums-dictionary.parquet", write_page_checksum=True, compression="snappy", data_page_size=300)
pq.write_table(t, "checksums-v2.parquet", write_page_checksum=True, compression="zstd", data_page_version="2.0", row_group_size=250)
