"""Times Evidently's drift report and prints it beside driftcalc's; evidently.sh runs it.

    speed.py make WORK REFERENCE ROWS COLUMNS   writes reference.parquet and current.parquet
    speed.py time WORK TIMES                    TIMES: what GNU time said of driftcalc
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")


def make(work, reference, rows, columns):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    for side, n, seed in (("reference", reference, 1), ("current", rows, 2)):
        rng = np.random.default_rng(seed)
        cells = {}
        for i in range(columns):
            if i % 2:
                k = 5 * (i + 1)
                share = 1 / np.arange(1, k + 1)
                cells[f"c{i}"] = pa.array(np.array([f"value {j}" for j in range(k)])[rng.choice(k, n, p=share / share.sum())])
            else:
                x = rng.normal(10 * i, 1 + i, n)
                cells[f"n{i}"] = pa.array(np.round(x, 3) if i % 4 else x)
        if side == "current":
            day = np.datetime64("2026-01-05", "us") + np.linspace(0, 86_400e6 - 1, n).astype("timedelta64[us]")
            cells["timestamp"] = pa.array(day).cast(pa.timestamp("us", "UTC"))
        pq.write_table(pa.table(cells), f"{work}/{side}.parquet")


def evidently(work):
    """One process: read, report, nothing written. Prints its times as JSON."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    start = time.perf_counter()
    ref = pd.read_parquet(f"{work}/reference.parquet")
    cur = pd.read_parquet(f"{work}/current.parquet").drop(columns="timestamp")
    read = time.perf_counter()
    drifted = Report([DataDriftPreset()]).run(cur, ref).dict()["metrics"][0]["value"]["count"]
    done = time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "read": read - start, "report": done - read, "cpu": used.ru_utime + used.ru_stime,
        "mb": used.ru_maxrss / 1024, "drifted": drifted, "columns": ref.shape[1], "rows": len(cur), "reference": len(ref),
    }))


def compare(work, times):
    by = {}
    for line in open(times, encoding="utf-8"):
        name, wall, user, system, kilobytes = line.split()
        by.setdefault(name, []).append((float(wall), float(user) + float(system), int(kilobytes) / 1024))
    steps = {name: [statistics.median(r[k] for r in runs) for k in (0, 1)] + [max(r[2] for r in runs)] for name, runs in by.items()}
    wall = sum(s[0] for s in steps.values())
    cpu = sum(s[1] for s in steps.values())
    mb = max(s[2] for s in steps.values())
    runs = len(by["profile"])
    e = json.loads(subprocess.run([sys.executable, __file__, "evidently", work], check=True, stdout=subprocess.PIPE).stdout)
    print(f"""
### Speed: {e['rows']:,} rows against {e['reference']:,}, {e['columns']} columns, from Parquet

| | wall | CPU | largest resident set |
| --- | --: | --: | --: |
| Evidently: reading both files | {e['read']:.1f} s | | |
| Evidently: `Report([DataDriftPreset()]).run` | {e['report']:.1f} s | {e['cpu']:.1f} s in all | {e['mb']:.0f} MB |
| `driftcalc profile` of the judged rows | {steps['profile'][0]:.2f} s | {steps['profile'][1]:.2f} s | {steps['profile'][2]:.0f} MB |
| `driftcalc compare`, plan and reference's profile made beforehand | {steps['compare'][0]:.2f} s | {steps['compare'][1]:.2f} s | {steps['compare'][2]:.0f} MB |

The report alone takes {e['report'] / wall:.0f} times as long as both steps of driftcalc, which read the rows too; with reading {(e['read'] + e['report']) / wall:.0f} times, by CPU time {e['cpu'] / cpu:.0f} times.
It holds {e['mb'] / mb:.0f} times the memory. driftcalc: medians of {runs} runs; Evidently: one run; {os.cpu_count()} CPUs.""")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], *map(int, sys.argv[3:6]))
    elif sys.argv[1] == "evidently":
        evidently(sys.argv[2])
    else:
        compare(sys.argv[2], sys.argv[3])
