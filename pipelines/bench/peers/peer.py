"""Does one task with one peer, once, and prints what it cost as JSON: {"cpu", "wall", "mb"},
in seconds and megabytes. Importing the peer is not part of it.

    peer.py make DIRECTORY ROWS COLUMNS    current.parquet, a reference of half as many rows (up to a million), edges.json
    peer.py models DIRECTORY               XGBoost's and LightGBM's models, and rows for them
    peer.py TASK TOOL DIRECTORY            TASK: read, write, bin, report, test-NAME, score-MODEL-ROWS
"""
import json
import os
import resource
import sys
import time
import warnings

warnings.simplefilter("ignore")


def make(at, rows, columns):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    edges, categories, part = {}, [], 1_000_000
    for side, n, seed in (("reference", max(500, min(rows // 2, part)), 1), ("current", rows, 2)):
        rng = np.random.default_rng(seed)
        writer = None
        for begin in range(0, n, part):
            m = min(part, n - begin)
            cells = {}
            for i in range(columns):
                if i % 2:
                    k = 5 * (i % 40 + 1)
                    share = 1 / np.arange(1, k + 1)
                    cells[f"c{i}"] = pa.array(np.array([f"value {j}" for j in range(k)])[rng.choice(k, m, p=share / share.sum())])
                else:
                    x = rng.normal(10 * i, 1 + i, m)
                    cells[f"n{i}"] = pa.array(np.round(x, 3) if i % 4 else x)
                    if begin == 0:
                        edges[f"n{i}"] = [float(q) for q in np.quantile(x, [k / 10 for k in range(1, 10)])]
            categories = [c for c in cells if c[0] == "c"]
            if side == "current":
                micros = (np.arange(begin, begin + m) * (86_400e6 / n)).astype("timedelta64[us]")
                cells["timestamp"] = pa.array(np.datetime64("2026-01-05", "us") + micros).cast(pa.timestamp("us", "UTC"))
            table = pa.table(cells)
            writer = writer or pq.ParquetWriter(f"{at}/{side}.parquet", table.schema)
            writer.write_table(table)
        writer.close()
    with open(f"{at}/edges.json", "w") as f:
        json.dump({"numbers": edges, "categories": categories}, f)


MODELS = {"small": (100, 4), "large": (500, 6)}  # trees and depth
FEATURES, SCORED = 30, 10_000


def models(at):
    at = os.path.abspath(at)
    import lightgbm
    import numpy as np
    import treelite
    import tl2cgen
    import xgboost

    rng = np.random.default_rng(3)
    x = rng.normal(size=(20_000, FEATURES)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] + x[:, 2] + rng.normal(size=len(x)) > 0).astype(int)
    np.save(f"{at}/rows.npy", x[:SCORED])
    for name, (trees, depth) in MODELS.items():
        b = xgboost.train({"max_depth": depth, "objective": "binary:logistic", "eta": 0.1, "nthread": 1}, xgboost.DMatrix(x, y, feature_names=[f"f{i}" for i in range(FEATURES)]), trees)
        b.save_model(f"{at}/{name}.ubj")
        l = lightgbm.train({"max_depth": depth, "num_leaves": 2**depth, "objective": "binary", "verbose": -1, "num_threads": 1}, lightgbm.Dataset(x, y), trees)
        l.save_model(f"{at}/{name}.lightgbm")
        tl2cgen.export_lib(treelite.frontend.load_xgboost_model(f"{at}/{name}.ubj"), toolchain="gcc", libpath=f"{at}/{name}.so", params={"parallel_comp": 8})


def timed(do, least=0.0, most=1):
    """Cost of do: of one call, or of the mean of as many as fit into so many seconds."""
    def now():
        u = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), u.ru_utime + u.ru_stime
    if most > 1:
        do()
    w, c = now()
    n = 0
    while n == 0 or (n < most and time.perf_counter() - w < least):
        do()
        n += 1
    w1, c1 = now()
    return {"cpu": (c1 - c) / n, "wall": (w1 - w) / n, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def rows_of(task, tool, at):
    """Reading the log as a table of its inputs, and writing it as Parquet."""
    log, out = f"{at}/log.jsonl", f"{at}/{tool}.parquet"
    write = task == "write"
    if tool == "duckdb":
        import duckdb
        con = duckdb.connect()
        con.execute("set threads=1")
        query = f"select unnest(input), * exclude(input) from read_json('{log}')"
        if write:
            return lambda: con.execute(f"copy ({query}) to '{out}' (format parquet, compression zstd)")
        return lambda: con.execute(query).to_arrow_table()
    if tool == "polars":
        import polars as pl
        read = lambda: pl.read_ndjson(log).unnest("input")
        return (lambda: read().write_parquet(out, compression="zstd")) if write else read
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  which pandas writes by

    def read():
        frame = pd.read_json(log, lines=True)
        return pd.concat([pd.DataFrame(frame.pop("input").tolist()), frame], axis=1)
    return (lambda: read().to_parquet(out, compression="zstd")) if write else read


def bins(tool, at):
    """Each number counted in the reference's tenths, each category by name."""
    with open(f"{at}/edges.json") as f:
        e = json.load(f)
    source = f"{at}/current.parquet"
    if tool == "duckdb":
        import duckdb
        con = duckdb.connect()
        con.execute("set threads=1")
        query = ", ".join([f"histogram({c}, {v})" for c, v in e["numbers"].items()] + [f"histogram({c})" for c in e["categories"]])
        return lambda: con.execute(f"select {query} from '{source}'").fetchall()
    if tool == "polars":
        import polars as pl

        def count():
            frame = pl.read_parquet(source)
            for c, v in e["numbers"].items():
                frame[c].cut(v).value_counts()
            for c in e["categories"]:
                frame[c].value_counts()
        return count
    import pandas as pd

    def count():
        frame = pd.read_parquet(source)
        for c, v in e["numbers"].items():
            pd.cut(frame[c], [-float("inf"), *v, float("inf")]).value_counts()
        for c in e["categories"]:
            frame[c].value_counts()
    return count


def report(tool, at):
    """The drift report over two Parquet files, reading them included."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401

    def read():
        return pd.read_parquet(f"{at}/reference.parquet"), pd.read_parquet(f"{at}/current.parquet").drop(columns="timestamp")
    if tool == "evidently":
        from evidently import Report
        from evidently.presets import DataDriftPreset

        def run():
            reference, current = read()
            Report([DataDriftPreset()]).run(current, reference).dict()
        return run
    if tool == "nannyml":
        import nannyml

        def run():
            reference, current = read()
            nannyml.UnivariateDriftCalculator(column_names=list(reference.columns), chunk_number=1).fit(reference).calculate(current)
        return run
    import whylogs

    def run():  # profiles alone: whylogs compares them elsewhere
        for frame in read():
            whylogs.log(pandas=frame).view()
    return run


def tests(name):
    import numpy as np
    from scipy import stats

    rng = np.random.default_rng(1)
    a, b = rng.normal(size=100_000), rng.normal(0.01, 1, 99_999)
    return {
        "KS": lambda: stats.ks_2samp(a, b, method="asymp"), "Wasserstein": lambda: stats.wasserstein_distance(a, b),
        "Energy": lambda: stats.energy_distance(a, b), "MannWhitney": lambda: stats.mannwhitneyu(a, b),
        "CramerVonMises": lambda: stats.cramervonmises_2samp(a, b, method="asymptotic"), "EppsSingleton": lambda: stats.epps_singleton_2samp(a, b),
    }[name]


def score(tool, model, size, at):
    import numpy as np
    x = np.load(f"{at}/rows.npy")
    batches = [np.ascontiguousarray(x[i:i + size]) for i in range(0, len(x) - size + 1, size)]
    if tool == "xgboost":
        import xgboost
        b = xgboost.Booster({"nthread": 1}, model_file=f"{at}/{model}.ubj")
        b.feature_names = None
        one = b.inplace_predict
    elif tool == "lightgbm":
        import lightgbm
        b = lightgbm.Booster(model_file=f"{at}/{model}.lightgbm")
        one = lambda rows: b.predict(rows, num_threads=1)
    elif tool == "onnxruntime":
        import onnxruntime
        o = onnxruntime.SessionOptions()
        o.intra_op_num_threads = o.inter_op_num_threads = 1
        s = onnxruntime.InferenceSession(f"{at}/{model}.onnx", o)
        name = s.get_inputs()[0].name
        one = lambda rows: s.run(None, {name: rows})
    else:
        import tl2cgen
        p = tl2cgen.Predictor(f"{at}/{model}.so", nthread=1)
        one = lambda rows: p.predict(tl2cgen.DMatrix(rows))
    at_row = [0]

    def call():
        one(batches[at_row[0] % len(batches)])
        at_row[0] += 1
    return call


def main(task, *args):
    if task == "make":
        return make(args[0], int(args[1]), int(args[2]))
    if task == "models":
        return models(args[0])
    tool, at = args
    if task in ("read", "write"):
        cost = timed(rows_of(task, tool, at))
    elif task == "bin":
        cost = timed(bins(tool, at))
    elif task == "report":
        cost = timed(report(tool, at))
    elif task.startswith("test-"):
        cost = timed(tests(task.removeprefix("test-")), 0.3, 100)
    else:
        _, model, size = task.split("-")
        cost = timed(score(tool, model, int(size), at), 0.5, 20_000)
    print(json.dumps(cost))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main(*sys.argv[1:])
