"""Data of any library to an Arrow stream, and tables back to the library's own.

pyarrow is not needed where polars is. Neither is imported before it is used.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Any, Callable, Literal, Union

Kind = Literal["pandas", "polars", "pyarrow"]
Source = Union[str, "os.PathLike[str]", Any]


def is_path(data: Source) -> bool:
    return isinstance(data, (str, os.PathLike))


def kind_of(data: Source) -> Kind:
    """The library whose data frames somebody with this data wants back."""
    for name in ("pandas", "polars"):
        if _is(data, name, "DataFrame") or _is(data, name, "LazyFrame"):
            return name
    for name in ("pandas", "polars", "pyarrow"):
        if _has(name) and (name != "pandas" or _has("pyarrow") or _has("polars")):
            return name  # type: ignore[return-value]
    raise ImportError("want polars, or pyarrow, to hand data to leadsman: pip install polars")


def writer(data: Any, what: str) -> Callable[[IO[bytes]], None]:
    """A function that writes data as one Arrow stream.

    Data is a data frame of pandas or polars, a lazy frame, or anything with
    __arrow_c_stream__. what names it in errors.
    """
    if _is(data, "polars", "LazyFrame"):
        data = data.collect()
    if _is(data, "polars", "DataFrame"):
        return lambda to: _write_polars(data, to)
    if _is(data, "pandas", "DataFrame"):
        if _has("pyarrow"):
            return lambda to: _write_pyarrow(_pandas_reader(data), to)
        if _has("polars"):
            frame = _pandas_to_polars(data)
            return lambda to: _write_polars(frame, to)
        raise ImportError("a data frame of pandas needs pyarrow or polars beside it: pip install pyarrow")
    if hasattr(data, "__arrow_c_stream__"):
        if _has("pyarrow"):
            import pyarrow

            reader = pyarrow.RecordBatchReader.from_stream(data)
            return lambda to: _write_pyarrow(reader, to)
        if _has("polars"):
            import polars

            frame = polars.DataFrame(data)
            return lambda to: _write_polars(frame, to)
        raise ImportError("an Arrow stream needs pyarrow or polars to be written: pip install pyarrow")
    raise TypeError(
        f"{what}: want a data frame of pandas or polars, an object with __arrow_c_stream__, or a file's path; got {type(data).__module__}.{type(data).__qualname__}"
    )


def read(path: Path, kind: Kind) -> Any:
    """The Parquet file at path as a data frame of that library."""
    if kind == "polars":
        import polars

        return polars.read_parquet(path, hive_partitioning=False)
    if kind == "pandas" and not _has("pyarrow"):
        import pandas
        import polars

        table = polars.read_parquet(path, hive_partitioning=False)
        return pandas.DataFrame({name: table[name].to_list() for name in table.columns})
    import pyarrow.parquet

    table = pyarrow.parquet.ParquetFile(path).read()
    return table.to_pandas() if kind == "pandas" else table


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the Parquet file at path, by whichever library is there."""
    if _has("pyarrow"):
        import pyarrow.parquet

        return list(pyarrow.parquet.ParquetFile(path).read().to_pylist())
    import polars

    return list(polars.read_parquet(path, hive_partitioning=False).to_dicts())


def _is(data: Any, library: str, name: str) -> bool:
    module = sys.modules.get(library)
    return module is not None and hasattr(module, name) and isinstance(data, getattr(module, name))


def _has(library: str) -> bool:
    try:
        __import__(library)
    except ImportError:
        return False
    return True


def _write_polars(frame: Any, to: IO[bytes]) -> None:
    import polars

    frame.write_ipc_stream(to, compat_level=polars.CompatLevel.oldest())


def _write_pyarrow(reader: Any, to: IO[bytes]) -> None:
    import pyarrow.ipc

    with pyarrow.ipc.new_stream(to, reader.schema) as stream:
        for batch in reader:
            stream.write_batch(batch)


def _pandas_reader(frame: Any) -> Any:
    import pyarrow

    if not all(isinstance(name, str) for name in frame.columns):
        frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    return pyarrow.Table.from_pandas(frame, preserve_index=False).to_reader()


def _pandas_to_polars(frame: Any) -> Any:
    import numpy
    import polars

    columns = {}
    for i, name in enumerate(frame.columns):
        column = frame.iloc[:, i]
        if isinstance(column.dtype, numpy.dtype) and column.dtype.kind in "biufM":
            columns[str(name)] = polars.Series(column.to_numpy(), nan_to_null=True)  # as pyarrow has it
        else:
            columns[str(name)] = polars.Series([None if missing else value for value, missing in zip(column.tolist(), column.isna())])
    return polars.DataFrame(columns)
