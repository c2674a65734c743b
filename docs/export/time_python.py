"""Times the model as you run it today: predict_proba of a joblib or pickle, in Python.

    python time_python.py model.joblib rows.csv -o python.jsonl
    perfbench report model.arrows --baseline python.jsonl -o report.md

rows.csv holds rows as the model takes them: for a Pipeline the raw ones, else the model's own
columns. Needs nothing but what loads your model (joblib or pickle, pandas). Each call is timed by
itself, after warming up, with rows that were cut out beforehand; so what it says is predict_proba alone, not
your service around it. The file has a line for each size of batch, with the columns of
leadsman's table `bench`.

--profile FILE also writes a cProfile of calls of one row: `perfbench profile FILE` reads it.
"""
import argparse
import gc
import hashlib
import json
import os
import pickle
import platform
import sys
import time


def memory():
    """Bytes that the process has in memory, None where the system does not tell."""
    try:
        with open("/proc/self/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def load(path):
    try:
        import joblib
    except ImportError:
        with open(path, "rb") as f:
            return pickle.load(f)
    return joblib.load(path)


def quantile(ordered, q):
    """Linear between order statistics, as numpy's."""
    at = q * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def versions():
    found = ["Python " + platform.python_version()]
    for name in ("sklearn", "xgboost", "lightgbm", "catboost", "onnxruntime"):
        if name in sys.modules:
            found.append(f"{name} {getattr(sys.modules[name], '__version__', '?')}")
    return ", ".join(found)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("model")
    p.add_argument("rows", help="CSV of rows as the model takes them")
    p.add_argument("-o", "--output", default="python.jsonl")
    p.add_argument("-n", "--calls", type=int, default=2000, help="calls of one row; larger batches have fewer, but at least 100")
    p.add_argument("--batch", default="1,50,1000", help="rows a call")
    p.add_argument("--drop", default="", help="columns of the CSV that the model does not take, such as the outcome")
    p.add_argument("--array", action="store_true", help="give the model an array in place of a data frame")
    p.add_argument("--name", default="joblib", help="what the engine is called in reports")
    p.add_argument("--profile", help="write a cProfile of calls of one row to this file")
    a = p.parse_args()

    import pandas as pd

    rows = pd.read_csv(a.rows).drop(columns=[c for c in a.drop.split(",") if c])
    load(a.model)  # imports libraries, and fills the file cache
    gc.collect()
    before, times = memory(), []
    for _ in range(5):
        begin = time.perf_counter()
        model = load(a.model)
        times.append((time.perf_counter() - begin) * 1e3)
    after = memory()
    score = getattr(model, "predict_proba", None) or model.predict
    with open(a.model, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    load_average = os.getloadavg()[0] if hasattr(os, "getloadavg") else None

    def cut(batch, calls):
        """Rows for each call, going round."""
        parts, at = [], 0
        for _ in range(min(calls, max(1, len(rows) // batch) * 4)):
            index = [(at + i) % len(rows) for i in range(batch)]
            at = (at + batch) % len(rows)
            part = rows.iloc[index]
            parts.append(part.to_numpy() if a.array else part)
        return parts

    with open(a.output, "w") as out:
        for batch in sorted({int(b) for b in a.batch.split(",")}):
            calls = max(a.calls // batch, min(a.calls, 100))
            parts = cut(batch, calls)
            for i in range(max(calls // 10, 1)):
                score(parts[i % len(parts)])
            taken, gone = [], time.process_time()
            begin = time.perf_counter()
            for i in range(calls):
                part = parts[i % len(parts)]
                start = time.perf_counter()
                score(part)
                taken.append((time.perf_counter() - start) * 1e3)
            wall, gone = time.perf_counter() - begin, time.process_time() - gone
            taken.sort()
            row = {
                "model": os.path.basename(a.model), "model_sha256": digest, "engine": a.name, "batch_rows": batch, "n_calls": calls,
                "mean_ms": sum(taken) / calls, "p50_ms": quantile(taken, .5), "p95_ms": quantile(taken, .95), "p99_ms": quantile(taken, .99),
                "min_ms": taken[0], "max_ms": taken[-1], "cpu_ms": gone * 1e3 / calls, "load_ms": quantile(sorted(times), .5),
                "model_bytes": os.path.getsize(a.model), "memory_bytes": max(0, after - before) if before and after else None,
                "n_rows": len(rows), "rows_origin": "of " + os.path.basename(a.rows), "features": rows.shape[1], "threads": 1,
                "rows_per_s": batch * calls / wall, "engine_version": versions(),
                "machine": f"{sys.platform}/{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}", "load_average": load_average,
            }
            out.write(json.dumps(row) + "\n")
            print(f"{a.name}, {batch} rows a call: p50 {row['p50_ms']:.3f} ms, p95 {row['p95_ms']:.3f} ms, {row['rows_per_s']:.0f} rows/s", file=sys.stderr)

    if a.profile:
        import cProfile
        parts = cut(1, 500)
        for part in parts[:50]:
            score(part)
        profile = cProfile.Profile()
        profile.enable()
        for i in range(500):
            score(parts[i % len(parts)])
        profile.disable()
        profile.dump_stats(a.profile)


if __name__ == "__main__":
    main()
