"""Runs leadsman and its peers in turn, and writes docs/BENCHMARKS.md; peers.sh calls it.

    peers.py WORK DOCUMENT    keeps what was measured in WORK/costs.json, and goes on from there
                              where it was stopped, with the same sizes and the same leadsman
    peers.py WORK DOCUMENT again    writes the document of that

Every round runs every contender of every case once, so that other work on the machine falls
on all alike. CPU is user and system time. leadsman is timed as a whole process; of a peer
only the task is, in a process that has imported it.
"""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

work, document = sys.argv[1:3]
again = sys.argv[3:] == ["again"]
here = os.path.dirname(os.path.abspath(__file__))
ROUNDS = int(os.environ.get("ROUNDS", 5))
ROWS, COLUMNS, LINES = (int(os.environ.get(k, v)) for k, v in (("ROWS", 200_000), ("COLUMNS", 20), ("LINES", 200_000)))
GROWTH = [int(n) for n in os.environ.get("GROWTH", "1000 10000 100000 1000000 10000000").split()]
WIDTHS = [int(n) for n in os.environ.get("WIDTHS", "10 100 1000 4000").split()]
SLOW, FEW = 10, 2  # a contender that takes longer than so many seconds runs so many times
CHART_ROUNDS = int(os.environ.get("CHART_ROUNDS", 2))
LIMIT = 600  # seconds that a contender may take
IN_MEMORY = 20_000_000  # cells up to which peers that read a whole file into memory take part in the charts
ENV = os.environ | {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "NANNYML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1"}
PYTHONS = {t: os.environ.get(f"PYTHON_{t.upper()}") for t in ("evidently", "nannyml", "whylogs")}


def leadsman(*commands):
    """Cost of commands, one after another."""
    cost = {"cpu": 0.0, "wall": 0.0, "mb": 0.0}
    for c in commands:
        begin = time.perf_counter()
        with open(os.devnull, "wb") as nowhere:  # subprocess.DEVNULL is open for reading, too: as good as closed
            p = subprocess.Popen(c, stdout=nowhere, stderr=subprocess.PIPE, env=ENV)
        said = p.stderr.read().decode()
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = status
        if status:
            raise RuntimeError(f"{' '.join(c)}: {said}")
        cost["wall"] += time.perf_counter() - begin
        cost["cpu"] += used.ru_utime + used.ru_stime
        cost["mb"] = max(cost["mb"], used.ru_maxrss / 1024)
    return cost


def peer(task, tool, at):
    python = PYTHONS.get(tool) or sys.executable
    r = subprocess.run([python, f"{here}/peer.py", task, tool, at], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV, timeout=LIMIT)
    if r.returncode:
        raise RuntimeError((r.stderr.strip().splitlines() or [f"status {r.returncode}"])[-1])
    return json.loads(r.stdout.splitlines()[-1])


def make(name, rows, columns):
    at = f"{work}/{name}"
    if not os.path.exists(f"{at}/plan.arrows"):
        os.makedirs(at, exist_ok=True)
        subprocess.run([sys.executable, f"{here}/peer.py", "make", at, str(rows), str(columns)], check=True)
        leadsman(["driftcalc", "plan", "--reference", f"{at}/reference.parquet", "-o", f"{at}/plan.arrows"],
                 ["driftcalc", "profile", "--plan", f"{at}/plan.arrows", "--reference", f"{at}/reference.parquet", "-o", f"{at}/reference.arrows"])
    return at


def profile(at):
    return ["driftcalc", "profile", "--plan", f"{at}/plan.arrows", "--table", "predictions", f"{at}/current.parquet", "-o", f"{at}/current.arrows"]


def compare(at):
    return ["driftcalc", "compare", "--plan", f"{at}/plan.arrows", "--ref", f"{at}/reference.arrows", f"{at}/current.arrows", "-o", f"{at}/verdict.arrows"]


def scoring(model, size, engine):
    def run():
        out = subprocess.run(["perfbench", "model", f"{work}/{model}", "--engine", engine, "--batch", str(size), "-n", "20000" if size == 1 else "1000", "--table", "bench", "--format", "jsonl"],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENV, timeout=LIMIT)
        row = json.loads(out.stdout.splitlines()[0])
        return {"cpu": row["cpu_ms"] / 1e3, "wall": row["mean_ms"] / 1e3, "mb": float("nan")}
    return run


def test(name):
    calls = 20  # and one before

    def run():
        cost = leadsman([f"{work}/stats.test", "-test.run", "^$", "-test.bench", f"BenchmarkSamples/{name}/100000$", "-test.benchtime", f"{calls}x", "-test.cpu", "1"])
        return {"cpu": cost["cpu"] / (calls + 1), "wall": cost["wall"] / (calls + 1), "mb": cost["mb"]}
    return run


cases = []  # (section, title, {contender: run}), leadsman first


def case(section, title, ours, peers):
    cases.append((section, title, {"leadsman": ours} | peers))


def of(task, tools, at):
    return {t: (lambda t=t: peer(task, t, at)) for t in tools}


log = f"{work}/log.jsonl"
case("Reading and writing", f"{LINES:,} JSON lines to Arrow", lambda: leadsman(["ingest", log]), of("read", ("duckdb", "polars", "pandas"), work))
case("Reading and writing", f"{LINES:,} JSON lines to Parquet, zstd", lambda: leadsman(["ingest", log, "-o", f"{work}/leadsman.parquet", "--table", "predictions"]), of("write", ("duckdb", "polars", "pandas"), work))
main = make(f"data-{ROWS}-{COLUMNS}", ROWS, COLUMNS)
case("Counting", f"{ROWS:,} rows × {COLUMNS} columns of Parquet: leadsman's profile, the peers' plain bins", lambda: leadsman(profile(main)), of("bin", ("duckdb", "polars", "pandas"), main))
reports = [t for t, p in PYTHONS.items() if p]
case("Drift report", f"{ROWS:,} rows against {ROWS // 2:,}, {COLUMNS} columns of Parquet", lambda: leadsman(profile(main), compare(main)), of("report", reports, main))
for name in ("KS", "Wasserstein", "Energy", "MannWhitney", "CramerVonMises", "EppsSingleton"):
    case("Tests", f"{name}, 100,000 against 99,999 values", test(name), of(f"test-{name}", ["scipy"], work))
for model, what in (("small", "100 trees × depth 4"), ("large", "500 trees × depth 6")):
    for size, of_rows in ((1, "one row"), (1000, "1,000 rows")):
        peers = {"leaves": scoring(f"{model}.ubj", size, "leaves")} | of(f"score-{model}-{size}", ("xgboost", "onnxruntime", "tl2cgen"), work)
        case("Scoring", f"XGBoost, {what}, {of_rows} a call", scoring(f"{model}.ubj", size, "native"), peers)
        case("Scoring", f"LightGBM, {what}, {of_rows} a call", scoring(f"{model}.lightgbm", size, "native"), of(f"score-{model}-{size}", ("lightgbm",), work))
curves = {"rows": {}, "columns": {}}
for axis, sizes in (("rows", GROWTH), ("columns", WIDTHS)):
    for n in sizes:
        at = make(f"{axis}-{n}", *((n, COLUMNS) if axis == "rows" else (10_000, n)))
        curves[axis][n] = {"leadsman": lambda at=at: leadsman(profile(at)), "leadsman, comparison": lambda at=at: leadsman(compare(at))}
        cells = n * COLUMNS if axis == "rows" else n * 10_000
        curves[axis][n] |= of("bin", ("duckdb", "polars", "pandas") if cells <= IN_MEMORY else ("duckdb",), at)
        if (n <= 200_000 if axis == "rows" else n <= 100):
            curves[axis][n] |= of("report", [t for t in ("evidently",) if PYTHONS[t]], at)

costs, failures, rounds = {}, {}, {}  # rounds: of each contender's costs


def run(key, do, round):
    """Once a round, whatever comes of it: a contender that fails loses its own row."""
    if round in rounds.setdefault(key, []) or key in failures or costs.get(key) and len(costs[key]) >= FEW and costs[key][0]["wall"] > SLOW:
        return
    try:
        costs.setdefault(key, []).append(do())
        rounds[key].append(round)
    except Exception as e:  # of any kind: peers fail in ways of their own
        failures[key] = f"takes more than {LIMIT} s" if isinstance(e, subprocess.TimeoutExpired) else str(e) or type(e).__name__
        costs.pop(key, None)
        print(f"{key}: {failures[key]}", file=sys.stderr)


def version():
    return subprocess.run(["leadsman", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()


begin = time.time()
sizes = {"rows": ROWS, "columns": COLUMNS, "lines": LINES, "growth": GROWTH, "widths": WIDTHS, "leadsman": version()}
loads = [os.getloadavg()[0]]
kept_at = f"{work}/costs.json"
if os.path.exists(kept_at):
    with open(kept_at) as f:
        kept = json.load(f)
    if again or kept["sizes"] == sizes:
        costs, rounds = ({tuple(k): v for k, v in kept[of_all]} for of_all in ("costs", "rounds"))
        failures, loads = {tuple(k): v for k, v in kept["failures"]} if again else {}, kept["loads"]


def keep():
    with open(kept_at + ".new", "w") as f:
        json.dump({"costs": list(costs.items()), "rounds": list(rounds.items()), "failures": list(failures.items()), "loads": loads, "sizes": sizes}, f)
    os.replace(kept_at + ".new", kept_at)


def said(i, of, what):
    print(f"{what}, round {i + 1} of {of}, {time.time() - begin:.0f} s, load {loads[-1]:.1f}", file=sys.stderr)


for i in range(0 if again else ROUNDS):
    for _, title, contenders in cases:
        for name, do in contenders.items():
            run((title, name), do, i)
        loads.append(os.getloadavg()[0])
        keep()
    said(i, ROUNDS, "cases")
for i in range(0 if again else CHART_ROUNDS):
    for axis, points in curves.items():
        for n, contenders in points.items():
            for name, do in contenders.items():
                run((axis, n, name), do, i)
            loads.append(os.getloadavg()[0])
            keep()
    said(i, CHART_ROUNDS, "charts")


def median(key, what):
    return statistics.median(c[what] for c in costs[key])


def seconds(s):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if s >= size:
            return f"{s / size:.3g} {unit}"
    return f"{s / 1e-9:.3g} ns"


def ratios(title, name, what):
    """Of the peer's cost to leadsman's, round by round: median, least, most."""
    theirs, ours = (dict(zip(rounds[title, n], costs[title, n])) for n in (name, "leadsman"))
    r = sorted(theirs[i][what] / max(ours[i][what], 1e-12) for i in theirs if i in ours)
    return statistics.median(r), r[0], r[-1]


def ratio(title, name, what):
    if not costs.get((title, "leadsman")):
        return "–"
    m, lo, hi = ratios(title, name, what)
    return f"{times(m)}× ({times(lo)}–{times(hi)})"


def times(r):
    return f"{r:.2g}" if r < 10 else f"{r:,.0f}"


lines = []
out = lines.append
losses, section = [], None
for at, title, contenders in cases:
    if at != section:
        section = at
        out(f"\n## {at}\n")
        if at == "Scoring":
            out("Times are of a call, in a loop in one process. leadsman's engines and leaves score rows made from the model's thresholds, the others rows of the data that trained it. xgboost, lightgbm, onnxruntime and tl2cgen are called from Python, as their users do: of one row that call is most of the time.\n")
        out("| work | who | CPU | wall | largest | CPU against leadsman's | wall against leadsman's |\n| --- | --- | --: | --: | --: | --: | --: |")
    for name in contenders:
        key = (title, name)
        if key not in costs or not costs[key]:
            out(f"| {title} | {name} | – | – | – | not measured: {' '.join(failures.get(key, '').split()).replace('|', '/')[:120]} | |")
            continue
        mb = median(key, "mb")
        against = ("", "") if name == "leadsman" else (ratio(title, name, "cpu"), ratio(title, name, "wall"))
        out(f"| {title} | {name} | {seconds(median(key, 'cpu'))} | {seconds(median(key, 'wall'))} | {f'{mb:.0f} MB' if mb == mb else '–'} | {against[0]} | {against[1]} |")
        if name != "leadsman" and costs.get((title, "leadsman")):
            worse = [f"{what} {times(1 / ratios(title, name, k)[0])}×" for k, what in (("cpu", "CPU"), ("wall", "wall")) if ratios(title, name, k)[0] < 1]
            if worse:
                losses.append(f"* {title}: {name}; leadsman takes {' and '.join(worse)} of its time.")

files = {t: os.path.getsize(f"{work}/{t}.parquet") for t in ("leadsman", "duckdb", "polars", "pandas") if os.path.exists(f"{work}/{t}.parquet")}
if "leadsman" in files:
    losses += [f"* Size of the Parquet file of {LINES:,} lines: {t}'s is {100 * (1 - n / files['leadsman']):.1f} % smaller." for t, n in files.items() if n < files["leadsman"]]


def curve(axis, file):
    """An SVG of CPU seconds against size, both logarithmic, and the table beside it."""
    import math
    names = list(dict.fromkeys(n for c in curves[axis].values() for n in c))
    measured = [n for n in curves[axis] if any(costs.get((axis, n, name)) for name in names)]
    points = {name: [(n, median((axis, n, name), "cpu")) for n in curves[axis] if costs.get((axis, n, name))] for name in names}
    if not any(points.values()):
        return
    xs = [x for p in points.values() for x, _ in p]
    ys = [max(y, 1e-3) for p in points.values() for _, y in p]
    left, top, wide, high = 60, 20, 440, 280
    x0, x1 = math.log10(min(xs)), math.log10(max(xs))
    y0, y1 = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    px = lambda x: left + wide * (math.log10(x) - x0) / max(1e-9, x1 - x0)
    py = lambda y: top + high * (1 - (math.log10(max(y, 1e-3)) - y0) / max(1e-9, y1 - y0))
    colours = ["#b3261e", "#e0766f", "#1f6fb2", "#2e8540", "#7a4fb5", "#b8860b"]
    s = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 350" font-family="sans-serif" font-size="12"><rect width="720" height="350" fill="#fff"/>']
    for k in range(y0, y1 + 1):
        s.append(f'<path d="M{left} {py(10**k):.1f}h{wide}" stroke="#ddd"/><text x="{left - 6}" y="{py(10**k) + 4:.1f}" text-anchor="end">{10.0**k:g} s</text>')
    for n in measured:
        s.append(f'<text x="{px(n):.1f}" y="{top + high + 18}" text-anchor="middle">{n:,}</text>')
    s.append(f'<text x="{left + wide / 2}" y="{top + high + 38}" text-anchor="middle">{axis}</text>')
    for i, (name, p) in enumerate(points.items()):
        if not p:
            continue
        c = colours[i % len(colours)]
        s.append(f'<polyline fill="none" stroke="{c}" stroke-width="2" points="{" ".join(f"{px(x):.1f},{py(y):.1f}" for x, y in p)}"/>')
        s += [f'<circle cx="{px(x):.1f}" cy="{py(y):.1f}" r="3" fill="{c}"/>' for x, y in p]
        s.append(f'<path d="M{left + wide + 20} {top + 14 + 20 * i}h16" stroke="{c}" stroke-width="2"/><text x="{left + wide + 42}" y="{top + 18 + 20 * i}">{name}</text>')
    with open(os.path.join(os.path.dirname(document), file), "w", encoding="utf-8") as f:
        f.write("\n".join(s) + "\n</svg>\n")
    out(f"\n| {axis} | " + " | ".join(names) + " |\n| --: |" + " --: |" * len(names))
    for n in measured:
        out(f"| {n:,} | " + " | ".join(f"{seconds(median((axis, n, name), 'cpu'))}, {median((axis, n, name), 'mb'):.0f} MB" if costs.get((axis, n, name)) else "–" for name in names) + " |")


out("\n## Growth\n")
out(f"CPU time and the largest resident set: leadsman's profile, and its comparison with a reference's, which follows; the others' plain bins, Evidently's report; all but the comparison from Parquet. Rows have {COLUMNS} columns, columns 10,000 rows.")
for axis in curves:
    out(f"\n![CPU time against {axis}](BENCHMARKS-{axis}.svg)")
    curve(axis, f"BENCHMARKS-{axis}.svg")
    per = 1 if axis == "rows" else 10_000
    many = [n for n in curves[axis] if n >= (100_000 if axis == "rows" else 100) and costs.get((axis, n, "leadsman"))]
    if many:
        out(f"\nleadsman's profile costs so much a {'row' if axis == 'rows' else 'cell'}: " + ", ".join(f"{seconds(median((axis, n, 'leadsman'), 'cpu') / n / per)} of {n:,} {axis}" for n in many) + ".")


def versions(python):
    r = subprocess.run([python, "-c", "import importlib.metadata as m\nfor n in 'duckdb polars pandas pyarrow numpy scipy xgboost-cpu lightgbm onnxruntime tl2cgen treelite evidently nannyml whylogs'.split():\n try: print(n, m.version(n))\n except m.PackageNotFoundError: pass"], stdout=subprocess.PIPE, text=True)
    return ", ".join(r.stdout.splitlines())


cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
missing = [f"{n:,} {axis}" for axis in curves for n in curves[axis] if not any(costs.get((axis, n, name)) for name in curves[axis][n])]
stopped = f" It was stopped before its end: {', '.join(missing)} were not measured." if missing else ""
head = f"""# Benchmarks beside the peers

Written by `make bench-peers`, which installs the peers, makes the data, runs all in turn, and keeps each cost so as to go on where it was stopped; do not edit it by hand. This run had {ROWS:,} rows, {LINES:,} log lines.{stopped}

* Machine: {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs ({cpu}). **Its load while this was measured: {min(loads):.1f} to {max(loads):.1f}** — {'other work was running: wall times are longer than on a quiet machine, and CPU times too where two threads share a core; the ratios are what to read' if max(loads) > os.cpu_count() + 1 else 'no more than the work measured here'}.
* Rounds: {max([len(v) for k, v in costs.items() if k[0] not in curves], default=0)}; a contender that takes longer than {SLOW} s runs {FEW} times at the most; the charts' {max([len(v) for k, v in costs.items() if k[0] in curves], default=0)}. Costs are medians; a ratio is the peer's cost over leadsman's in the same round: median (least–most), above 1 where leadsman is faster.
* leadsman ({version()}) is timed as whole processes, on all CPUs; a peer without importing it. DuckDB, polars and the scoring libraries run on one thread.
* Peers: {versions(sys.executable)}.{''.join(f' {t} in an environment of its own: {versions(p)}.' for t, p in PYTHONS.items() if p)} {' '.join(f'{t} could not be installed.' for t, p in PYTHONS.items() if not p)}
* Data: `leadsman simulate predictions --rows {LINES} --seed 1 --days 30` for JSON lines; `pipelines/bench/peers/peer.py make` for Parquet (half numbers, half categories, NumPy's seeds 1 and 2); `peer.py models` for the models.
* leadsman's profile holds more than bins: counts on and between some 2,000 edges, exact sums, pairs of columns, windows, a sample and the rows' hashes. `leadsman` in the drift report is `driftcalc profile` and `driftcalc compare` with the plan and the reference's profile made beforehand; a peer reads and judges both sides. whylogs only profiles.

## Where leadsman loses

"""
with open(document, "w", encoding="utf-8") as f:
    f.write(head + ("\n".join(losses) or "Nowhere in this run.") + "\n\nParquet files of the log: " + ", ".join(f"{t} {n / 1e6:.1f} MB" for t, n in files.items()) + ".\n" + "\n".join(lines) + "\n")
for key, why in failures.items():
    print(f"not measured: {key}: {why}", file=sys.stderr)
