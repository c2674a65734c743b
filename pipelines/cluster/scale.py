"""Prints how plan, profile, memory and CPU grow, one thing at a time: docs/scale.md.

PATH=build/bin:$PATH python3 pipelines/cluster/scale.py [CASE...]
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = {"rows": 20_000, "reference": 2_000, "numbers": 10, "categories": 10, "values": 20, "windows": 1, "config": "", "entities": 0}
CASES = {
    "rows x 1": {},
    "rows x 10": {"rows": 200_000},
    "100 columns": {"numbers": 50, "categories": 50},
    "1,000 columns": {"numbers": 500, "categories": 500, "rows": 2_000},
    "4,000 columns": {"numbers": 2_000, "categories": 2_000, "rows": 2_000},
    "1,000 values a category": {"values": 1_000, "reference": 20_000},
    "10,000 values a category": {"values": 10_000, "reference": 100_000},
    "a reference of 60,000 rows": {"reference": 60_000},
    "the same, exact: true": {"reference": 60_000, "config": "exact: true\n"},
    "the same, 40 numbers": {"reference": 60_000, "numbers": 40, "config": "exact: true\n"},
    "30 windows": {"windows": 30},
    "365 windows": {"windows": 365},
    "5,000 entities": {"entities": 5_000, "config": "entity: who\n"},
}


def run(dir, *args, stdin=None, stdout=subprocess.DEVNULL):
    """The program's CPU seconds and largest resident set in MB."""
    process = subprocess.Popen(["leadsman", *args], cwd=dir, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"scale: leadsman {' '.join(args)}: status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write(path, case, rows, seed, times):
    draw = random.Random(seed)
    names = [f"n{i}" for i in range(case["numbers"])] + [f"c{i}" for i in range(case["categories"])]
    words = [f"value-{i}" for i in range(case["values"])]
    with open(path, "w") as f:
        f.write(",".join([*(["timestamp"] if times else []), "score", *(["who"] if case["entities"] else []), *names]) + "\n")
        for i in range(rows):
            cells = []
            if times:
                cells.append(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_767_225_600 + i * 86_400 * case["windows"] // rows)))
            cells.append(f"{draw.random():.4f}")
            if case["entities"]:
                cells.append(f"e{draw.randrange(case['entities'])}")
            cells += [f"{draw.gauss(50, 10):.6f}" for _ in range(case["numbers"])]
            cells += draw.choices(words, k=case["categories"])
            f.write(",".join(cells) + "\n")


def measure(name, case):
    with tempfile.TemporaryDirectory() as dir:
        dir = Path(dir)
        (dir / "monitor.yaml").write_text("version: 1\nreference: reference.csv\n" + case["config"])
        write(dir / "reference.csv", case, case["reference"], 1, False)
        write(dir / "log.csv", case, case["rows"], 2, True)
        run(dir, "driftcalc", "plan", "--config", "monitor.yaml", "-o", "plan.arrows")
        config = ("--plan", "plan.arrows", "--config", "monitor.yaml")
        with open(dir / "rows.arrows", "wb") as out:
            ingest, _ = run(dir, "ingest", *config, "log.csv", stdout=out)
        cpu, peak = run(dir, "driftcalc", "profile", *config, "--shard", "1", "-o", "1.arrows", "rows.arrows")
        run(dir, "driftcalc", "profile", *config, "--shard", "2", "-o", "2.arrows", "rows.arrows")
        merge, held = run(dir, "driftcalc", "merge", "--plan", "plan.arrows", "-o", "3.arrows", "1.arrows", "2.arrows")
        sizes = [(dir / file).stat().st_size / 1e6 for file in ("plan.arrows", "1.arrows")]
        print(f"| {name} | {sizes[0]:.2f} | {sizes[1]:.2f} | {peak:.0f} | {ingest:.2f} | {cpu:.2f} | {merge / 2 * 1000:.0f} | {held:.0f} |", flush=True)


print("| | plan, MB | profile, MB | `profile`, MB resident | `ingest`, CPU s | `profile`, CPU s | `merge`, CPU ms a profile | `merge`, MB resident |")
print("| --- | --: | --: | --: | --: | --: | --: | --: |")
for name, change in CASES.items():
    if not sys.argv[1:] or name in sys.argv[1:]:
        measure(name, {**BASE, **change})
