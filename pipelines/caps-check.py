#!/usr/bin/env python3
"""Both sides of each cap, quiet and drifted, against an exact count.

    pipelines/caps-check.py        with the commands of build/bin, or of LEADSMAN_BIN, in PATH; needs pyarrow and numpy

Prints a line a case: what was counted here, what the bundle says. Exit status 1 where one is off by more than its bound.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa

BIN = os.environ.get("LEADSMAN_BIN", os.path.join(os.getcwd(), "build", "bin"))
off = 0


def table(path, name):
    out = []
    with open(path, "rb") as f:
        size = os.path.getsize(path)
        while f.tell() < size:
            reader = pa.ipc.open_stream(f)
            batches = list(reader)
            if (reader.schema.metadata or {}).get(b"leadsman.table", b"").decode() == name:
                for b in batches:
                    out.extend(b.to_pylist())
    return out


def run(ref, log, requests=None):
    with open("ref.csv", "w") as f:
        f.write("c,x\n" + "".join(f"{c},{x}\n" for c, x in ref))
    with open("log.jsonl", "w") as f:
        for i, (c, x) in enumerate(log):
            f.write(json.dumps({"timestamp": 1767571200 + i, "input": {"c": c, "x": x}, "model_version": f"v{i % 3}"}) + "\n")
    steps = "ingest log.jsonl"
    if requests is not None:
        with open("requests.jsonl", "w") as f:
            for i, (endpoint, status) in enumerate(requests):
                f.write(json.dumps({"timestamp": 1767571200 + i, "endpoint": endpoint, "method": "GET", "status_code": status, "response_ms": 5}) + "\n")
        steps = "{ ingest log.jsonl; ingest --kind requests requests.jsonl; }"
    subprocess.run(["bash", "-o", "pipefail", "-c", f"{steps} 2>/dev/null | driftcalc --reference ref.csv -o night.arrows 2>/dev/null"], check=True,
                   env={**os.environ, "PATH": BIN + ":" + os.environ["PATH"]})


def say(what, truth, told, bound):
    global off
    bad = told is None or abs(told - truth) > bound
    off += bad
    print(f"{'OFF ' if bad else 'ok  '} {what:58} counted {truth:9.4f}  told {told if told is None else round(told, 4)}")


def statistic(subject, name):
    return next((s["cur"] for s in table("night.arrows", "statistics") if s["subject"] == subject and s["name"] == name), None)


def categories(names, r, drift):
    """A reference of so many names, Zipf-like, and a log in which one new name and one rare one hold a tenth each where it drifts."""
    p = 1 / np.arange(1, names + 1) ** 0.6
    p /= p.sum()

    def side(n):
        return [f"k{i}" for i in r.choice(names, n, p=p)]
    ref, log = side(40000), side(8000)
    if drift:
        log[:800] = ["fresh"] * 800
        log[800:1600] = [f"k{names - 1}"] * 800
    log = list(np.array(log, dtype=object)[r.permutation(len(log))])
    return ref, log


def main():
    r = np.random.default_rng(5)
    for names in (3000, 6000, 60000):
        for drift in (False, True):
            ref, log = categories(names, r, drift)
            run(list(zip(ref, r.normal(size=len(ref)).round(4))), list(zip(log, r.normal(size=len(log)).round(4))))
            known = set(ref)
            truth = sum(c not in known for c in log) / len(log)
            what = f"{len(known)} names, {'drifted' if drift else 'quiet'}"
            say(f"{what}: share of new categories", truth, statistic("c", "unseen_rate"), 0)
            levels = [f["level"] for f in table("night.arrows", "findings") if f["subject"] == "c" and f["check"] == "distribution"]
            say(f"{what}: the distribution is loud", float(drift), float(any(x in ("warn", "alert") for x in levels)), 0)
            count = collections.Counter(log)
            for bin in table("night.arrows", "bins"):
                if bin["subject"] == "c" and bin["name"] in ("fresh", f"k{names - 1}") and bin["window"] == "" and bin["segment"] == "":
                    say(f"{what}: rows of {bin['name']}", count[bin["name"]], bin["n_cur"], 0.01 * count[bin["name"]])
    for paths in (800, 3000, 30000):
        ref, log = categories(100, r, False)
        requests = [("/predict", 500 if r.random() < .3 else 200) if r.random() < .6 else (f"/p/{'abcdefghij'[k % 10]}{r.integers(paths)}x", 200) for k in range(20000)]
        run(list(zip(ref, r.normal(size=len(ref)).round(4))), list(zip(log, r.normal(size=len(log)).round(4))), requests)
        rows = [t for t in table("night.arrows", "traffic") if t["start"] is None and t["endpoint"]]
        say(f"{paths} paths: requests", len(requests), sum(t["requests"] for t in rows), 0)
        mine = [t for t in rows if t["endpoint"] == "/predict"]
        truth = [s for e, s in requests if e == "/predict"]
        say(f"{paths} paths: requests of /predict", len(truth), sum(t["requests"] for t in mine), 0.005 * len(truth))
        say(f"{paths} paths: share of /predict that fails", np.mean(np.array(truth) >= 500), sum(t["requests"] for t in mine if t["status_code"] >= 500) / max(1, sum(t["requests"] for t in mine)), 0.005)
    for rows_ in (3000, 30000):
        for again in (0, .2):
            ref, _ = categories(100, r, False)
            x = r.normal(size=rows_)
            log = [(f"k{i % 100}", float(v)) for i, v in enumerate(x)]
            log += [log[i % 50] for i in range(int(again * rows_))]
            run(list(zip(ref, r.normal(size=len(ref)))), log)
            say(f"{rows_} rows, {again:.0%} more that repeat 50 of them", 1 - len(set(log)) / len(log), statistic("(rows)", "duplicate_rate"), 0.02)
    for subject, share in (("v0", 1 / 3),):
        say("share of a version", share, statistic("(model_version)", subject), 0.001)
    return off > 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as d:
        BIN = os.path.abspath(BIN)
        os.chdir(d)
        sys.exit(int(main()))
