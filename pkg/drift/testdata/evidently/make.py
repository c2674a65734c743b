#!/usr/bin/env python3
"""Writes vectors.jsonl.gz: data sets and what Evidently's DataDriftPreset says of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    gunzip -k current.csv.gz
    PYTHONHASHSEED=0 venv/bin/python make.py ../../../../testdata/reference.csv current.csv

current.csv.gz is `simulate reference --seed 2 --rows 500`. One JSON object a line:
name, seed, n (rows of reference and current) and columns (recipes), which
evidently_test.go follows too; options (arguments of the preset, and types by column); want. The last line
has no recipes: it is of the two files. want.columns holds each numeric and categorical
column by Evidently's own typing; want.unknown those that it types as something else;
want.failed those that make its report fail, which are left out of the preset; want.share is
of the rest.
"""
import gzip
import io
import itertools
import json
import math
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
from evidently import DataDefinition, Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402

MASK = 2**64 - 1
DISPLAY = {
    "Anderson-Darling": "anderson", "chi-square p_value": "chisquare", "Cramer-von Mises": "cramer_von_mises",
    "Energy-distance": "ed", "Epps-Singleton": "es", "Fisher's Exact test": "fisher_exact", "g_test": "g_test",
    "Hellinger distance": "hellinger", "Jensen-Shannon distance": "jensenshannon", "Kullback-Leibler divergence": "kl_div",
    "K-S p_value": "ks", "Mann-Whitney U-rank test": "mannw", "PSI": "psi", "t_test": "t_test",
    "Wasserstein distance (normed)": "wasserstein", "Z-test p_value": "z",
}


class Random:
    """Knuth's MMIX generator; its upper 53 bits as a fraction in [0, 1)."""

    def __init__(self, *seed):
        self.s = 0
        for k in seed:
            self.s = (self.s + k) & MASK
            self.next()

    def next(self):
        self.s = (self.s * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.s >> 11) * 2.0**-53


def values(spec, seed, column, side, n):
    rnd = Random(seed, column, side)
    out = []
    for row in range(n):
        gone = rnd.next() < spec.get("miss", [0, 0])[side]
        kind = spec["g"]
        if kind == "pick":
            w = spec["w"][side]
            u, k = rnd.next() * sum(w), 0
            while k < len(w) - 1 and u >= sum(w[: k + 1]):
                k += 1
            v = spec["v"][k]
        elif kind == "text":
            v = "t%d" % math.floor(rnd.next() * spec["k"])
        else:
            if kind == "bell":
                v = ((rnd.next() + rnd.next()) + rnd.next()) + rnd.next() - 2.0
            else:
                v = 1.0 / (1.0078125 - rnd.next())
            v = v * spec["scale"][side] + spec["shift"][side]
            if "q" in spec:
                v = math.floor(v * spec["q"]) / spec["q"]
        plus, minus = spec.get("inf", [[0, 0], [0, 0]])[side]
        if row < plus:
            v = math.inf
        elif row < plus + minus:
            v = -math.inf
        out.append(None if gone else v)
    return out


def series(v):
    """What pandas reads from a file with these values."""
    here = [x for x in v if x is not None]
    if here and isinstance(here[0], (str, bool)):
        return pd.Series(v) if len(here) == len(v) else pd.Series([np.nan if x is None else x for x in v], dtype=object)
    if len(here) == len(v) and all(math.isfinite(x) and x == math.floor(x) for x in here):
        return pd.Series([int(x) for x in v], dtype="int64")
    return pd.Series([np.nan if x is None else float(x) for x in v], dtype="float64")


def frame(specs, seed, side, n):
    return pd.DataFrame({s["name"]: series(values(s, seed, i, side, n)) for i, s in enumerate(specs)})


def dataset(data, types):
    """types, if there are any, are by column, as `{type: num}` in monitor.yaml."""
    if not types:
        return Dataset.from_pandas(data.copy())
    d = Dataset.from_pandas(data.copy())._data_definition
    kinds = {c: "num" for c in d.numerical_columns} | {c: "cat" for c in d.categorical_columns} | types
    return Dataset.from_pandas(data.copy(), DataDefinition(
        numerical_columns=[c for c in kinds if kinds[c] == "num"], categorical_columns=[c for c in kinds if kinds[c] == "cat"]))


def preset(ref, cur, columns, options):
    types = options.get("types")
    arguments = {k: v for k, v in options.items() if k != "types"}
    return Report([DataDriftPreset(columns=columns, **arguments)], include_tests=True).run(dataset(cur, types), dataset(ref, types)).dict()


def number(x):
    x = float(x)
    return x if math.isfinite(x) else str(x)


def judge(ref, cur, options):
    types = dataset(cur, options.get("types"))._data_definition
    kinds = {c: "num" for c in types.numerical_columns} | {c: "cat" for c in types.categorical_columns}
    columns = [c for c in cur.columns if c in kinds]
    want = {"columns": [], "unknown": [c for c in cur.columns if c not in kinds], "failed": []}
    try:
        d = preset(ref, cur, columns, options)
    except Exception:
        good = []
        for c in columns:
            try:
                preset(ref, cur, [c], options)
                good.append(c)
            except Exception as e:
                sys.stderr.write(f"{c}: {type(e).__name__}: {str(e)[:90]}\n")
                want["failed"].append(c)
        columns = good
        if not columns:
            return want
        d = preset(ref, cur, columns, options)
    status = {t["metric_config"]["params"]["column"]: t["status"] for t in d["tests"] if t["id"] == "drift"}
    for m in d["metrics"]:
        config = m["config"]
        if config["type"].endswith("DriftedColumnsCount"):
            want["count"], want["share"] = int(m["value"]["count"]), float(m["value"]["share"])
            continue
        c = config["column"]
        want["columns"].append({
            "name": c, "type": kinds[c], "test": DISPLAY.get(config["method"], config["method"]),
            "score": number(m["value"]), "threshold": config.get("threshold"), "drift": str(getattr(status[c], "value", status[c])) == "FAIL",
        })
    want["drift"] = want["share"] >= options.get("drift_share", 0.5)
    return want


def bell(name, shift=0.0, scale=1.0, **more):
    return {"name": name, "g": "bell", "shift": [10.0, 10.0 + shift], "scale": [1.0, scale], **more}


def pick(name, v, ref, cur, **more):
    return {"name": name, "g": "pick", "v": v, "w": [ref, cur], **more}


def catalogue(d):
    """Columns of every sort; d is how far they drift."""
    tilt = [1 + d * k for k in range(40)]
    rare = [64.0 / (k + 1) for k in range(40)]
    return [
        bell("bell", d), bell("wide", 0, 1 + d), bell("ties", d, q=4), bell("missing", d, miss=[0.125, 0.5]), bell("emptier", 0, miss=[0, 0.75]),
        {"name": "heavy", "g": "heavy", "shift": [0, 0], "scale": [1.0, 1.0 + d]},
        {"name": "whole", "g": "bell", "shift": [50, 50 + 20 * d], "scale": [30.0, 30.0], "q": 1},
        {"name": "gaps", "g": "bell", "shift": [5, 5 + 3 * d], "scale": [8.0, 8.0], "q": 1, "miss": [0, 0.0625]},
        {"name": "tiny", "g": "bell", "shift": [0, d / 65536], "scale": [2.0**-16, 2.0**-16]},
        pick("digits", list(range(8)), [1] * 8, tilt[:8]), pick("binary", [0, 1], [3, 2], [3, 2 + 2 * d]),
        pick("eleven", list(range(11)), [1] * 11, tilt[:11]), pick("halves", [0.5, 1.5], [1, 1], [1, 1 + d]),
        pick("four", [0.25, 1.25, 2.5, 7.5], [4, 3, 2, 1], [4, 3 + d, 2, 1 + d]), pick("five", [1, 2, 3, 4, 5], [1] * 5, tilt[:5], miss=[0.0625, 0.0625]),
        pick("six", [0.5, 1, 2, 3, 4, 5], [1] * 6, tilt[:6]), pick("binary gaps", [0, 1], [3, 1], [3, 1 + d], miss=[0.25, 0.125]),
        pick("two", ["no", "yes"], [5, 1], [5, 1 + d]), pick("colour", ["red", "green", "blue", "grey", "pink"], [5, 4, 3, 2, 1], [5, 4, 3 + d, 2, 1 + 2 * d]),
        pick("colour gaps", ["red", "green", "blue"], [3, 2, 1], [3, 2, 1 + d], miss=[0.25, 0.5]), pick("many", ["c%02d" % k for k in range(40)], rare, [r * t for r, t in zip(rare, [1 + d * (k % 3) for k in range(40)])]),
        pick("unseen", ["a", "b", "c", "new"], [3, 2, 2, 0], [3, 2, 2, 0.125 + d]), pick("gone", ["a", "b", "c", "old"], [3, 2, 2, 1], [3, 2, 2, 0]),
        pick("swapped", ["x", "y"], [1, 0], [0, 1]), pick("umlaut", ["Äpfel", "Zebra", "apple", "\U0001f600"], [2, 2, 1, 1], [2, 2, 1 + d, 1]),
        pick("flag", [False, True], [3, 1], [3, 1 + d]), pick("flag gaps", [False, True], [3, 1], [3, 1 + d], miss=[0.125, 0.125]),
        pick("constant", [7], [1], [1]), pick("constant real", [7.5], [1], [1]), pick("constant word", ["same"], [1], [1]), pick("moved", [7.5, 8.5], [1, 0], [0, 1]),
        {"name": "text", "g": "text", "k": 10**9}, {"name": "names", "g": "text", "k": 12},
        bell("infinite", d / 4, inf=[[0, 0], [1, 0]]), bell("infinite twice", d / 4, inf=[[0, 0], [2, 1]]), bell("infinite before", d / 4, inf=[[1, 1], [0, 1]]),
        bell("infinite gaps", d / 4, inf=[[0, 1], [1, 0]], miss=[0.125, 0.125]), pick("few infinite", [1.5, 2.5], [1, 1], [1, 1 + d], inf=[[0, 0], [3, 2]]),
    ]


NUM = ["anderson", "cramer_von_mises", "ed", "es", "hellinger", "jensenshannon", "kl_div", "ks", "mannw", "psi", "t_test", "wasserstein"]
CAT = ["chisquare", "fisher_exact", "g_test", "hellinger", "jensenshannon", "kl_div", "psi", "z"]
SIZES = [(20, 15), (60, 40), (200, 150), (303, 200), (303, 1200), (1000, 500), (1001, 500), (1500, 700), (2500, 300), (2048, 2048)]


def datasets():
    for k, ((n, m), d, part) in enumerate(itertools.product(SIZES, (0.0, 0.25, 1.0), range(4))):
        yield f"default {n}/{m} {d} {part}", [n, m], catalogue(d)[part::4], {}
    plain = ["bell", "ties", "missing", "heavy", "whole", "gaps", "eleven", "tiny", "constant real", "moved", "infinite", "infinite twice", "infinite before"]
    for (n, m), (k, test) in itertools.product([(8, 9), (18, 20), (40, 8), (150, 90), (700, 1100)], enumerate(NUM)):
        # Of two constants Epps and Singleton's score is the rounding error of a mean.
        yield f"num {test} {n}/{m}", [n, m], [c for c in catalogue([0.0, 0.125, 0.5][(k + n) % 3]) if c["name"] in plain and (test, c["name"]) != ("es", "moved")], {"num_method": test}
    words = ["two", "colour", "colour gaps", "many", "unseen", "gone", "swapped", "flag", "constant word", "digits", "binary"]
    for (n, m), (k, test) in itertools.product([(30, 30), (200, 200), (1500, 400)], enumerate(CAT)):
        yield f"cat {test} {n}/{m}", [n, m], [c for c in catalogue([0.0, 0.125, 0.5][(k + n) % 3]) if c["name"] in words], {"cat_method": test}
    for n, m in ((8, 8), (9, 9), (10, 10), (20, 20), (4, 20), (20, 5), (6, 9)):
        yield f"num cramer_von_mises {n}/{m}", [n, m], [c for c in catalogue(0.5) if c["name"] in ("bell", "wide", "ties", "heavy", "whole", "tiny", "moved")], {"num_method": "cramer_von_mises"}
    large = [pick("rarest", ["a", "b", "c", "d"], [4096, 4096, 1, 0], [4096, 4096, 1, 256]), pick("rarest gone", ["a", "b", "c", "d"], [4096, 4096, 1, 64], [4096, 4096, 1, 0]), *(c for c in catalogue(0.25) if c["name"] == "heavy")]
    for test in ("psi", "kl_div"):
        yield f"large {test}", [16384, 12000], large, {"method": test}
    still = [c for c in catalogue(0) if c["name"] in ("constant real", "halves", "constant word")]
    for test, threshold in itertools.product(NUM, (0.0, 1.0)):
        if test not in ("anderson", "es"):  # which fail on a constant
            yield f"bound {test} {threshold}", [30, 30], still, {"num_method": test, "cat_method": "psi" if threshold == 0 else "chisquare", "threshold": threshold}
    told = [c for c in catalogue(0.25) if c["name"] in ("digits", "binary", "eleven", "halves", "whole")] + [
        pick("whole before", [0, 1, 2], [4, 3, 2], [1, 2, 3], miss=[0, 0.25]), pick("whole after", [0, 1, 2], [4, 3, 2], [1, 2, 3], miss=[0.25, 0]),
        pick("halves after", [0, 1, 1.5, 2], [4, 3, 0, 2], [1, 2, 3, 4])]
    for k, test in enumerate(NUM + [None]):
        kinds = {c["name"]: "num" for c in told if c["name"] not in ("halves", "whole")} | {"halves": "cat", "whole": "cat"}
        yield f"told {test}", [[90, 70], [1200, 300]][k % 2], told, {"types": kinds} | ({"num_method": test} if test else {})
    for (n, m), test in itertools.product([(1, 1), (2, 1), (3, 2)], NUM):
        yield f"few {test} {n}/{m}", [n, m], [c for c in catalogue(1) if c["name"] in ("bell", "heavy")], {"num_method": test}
    some = [c for c in catalogue(0.25) if c["name"] in ("bell", "whole", "colour", "digits", "two")]
    for k, options in enumerate([
        {"method": "psi"}, {"method": "jensenshannon", "num_method": "ks"}, {"threshold": 0.5}, {"threshold": 0.01, "cat_threshold": 0.9},
        {"num_threshold": 1e-6}, {"per_column_method": {"bell": "t_test", "colour": "z"}}, {"per_column_threshold": {"two": 0.999, "bell": 0.0}},
        {"method": "hellinger", "per_column_method": {"whole": "anderson"}, "per_column_threshold": {"whole": 0.2}}, {"drift_share": 0.2}, {"drift_share": 0.8, "threshold": 0.999},
    ]):
        yield f"options {k}", [400, 300], some, options


def main(reference, current):
    lines = []
    for k, (name, n, specs, options) in enumerate(datasets()):
        seed = 1000 + k
        want = judge(frame(specs, seed, 0, n[0]), frame(specs, seed, 1, n[1]), options)
        lines.append({"name": name, "seed": seed, "n": n, "columns": specs, "options": options, "want": want})
    ref, cur = pd.read_csv(reference), pd.read_csv(current)
    features = [c for c in ref.columns if c in cur.columns and c != "engaged"]
    lines.append({"name": "sample case", "options": {}, "want": judge(ref[features], cur[features], {})})
    with open("vectors.jsonl.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f, io.TextIOWrapper(f) as text:
        for line in lines:
            text.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stderr.write(f"{len(lines)} data sets, {sum(len(line['want']['columns']) for line in lines)} columns\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
