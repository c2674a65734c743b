"""Holds Spark's count of a log against that of one process. See check.sh."""

import contextlib
import gzip
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import leadsman
import leadsman.spark
import pyarrow
import pyarrow.parquet
from pyspark.sql import SparkSession

WORK = Path(sys.argv[2])
PLAN = WORK / "plan.arrows"
LEADSMAN = leadsman.program()


def say(text):
    print("cluster: " + text, flush=True)


def leads(*args, **kw):
    return subprocess.run([LEADSMAN, *map(str, args)], check=True, stderr=subprocess.PIPE, **kw)


def tables(dir):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(dir.glob("*.parquet"))}


def log(name, rows, seed):
    path = WORK / f"{name}.jsonl"
    leads("simulate", "predictions", "--rows", rows, "--seed", seed, "-o", path)
    # As a service writes it: the mark of simulated rows is known in lines alone.
    path.write_bytes(path.read_bytes().replace(b',"simulated":true', b""))
    return path


def one_process(path, rows="--plan"):
    """What driftcalc says of the whole log, and how long that took."""
    out = WORK / f"{path.stem}-whole"
    began = time.monotonic()
    with subprocess.Popen([LEADSMAN, "ingest", rows, PLAN, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as ingest:
        leads("driftcalc", "--reference", WORK / "reference.csv", "-o", f"{out}/", stdin=ingest.stdout)
    return tables(out), time.monotonic() - began


def compared(profile, name):
    day = WORK / f"{name}.arrows"
    day.write_bytes(profile)
    leads("driftcalc", "compare", "--plan", PLAN, "--ref", WORK / "reference.arrows", "-o", f"{WORK / name}/", day)
    return tables(WORK / name)


def equal(profile, name, want):
    got = compared(profile, name)
    differ = sorted(table for table in got.keys() | want.keys() if got.get(table) != want.get(table))
    if differ:
        sys.exit(f"cluster: {name}: other tables than one process has: {', '.join(differ)}")
    say(f"{name}: {len(got)} tables, each with the digest that one process gives")


def session(master, **settings):
    builder = SparkSession.builder.master(master).appName("leadsman").config("spark.driver.memory", "768m").config("spark.ui.enabled", "false")
    builder = builder.config("spark.eventLog.enabled", "true").config("spark.eventLog.dir", (WORK / "events").resolve().as_uri())
    builder = builder.config("spark.eventLog.rolling.enabled", "false").config("spark.eventLog.compress", "false")
    builder = builder.config("spark.sql.files.maxPartitionBytes", "1000000000").config("spark.ui.showConsoleProgress", "false")
    for key, value in settings.items():
        builder = builder.config("spark." + key.replace("_", "."), value)
    (WORK / "events").mkdir(exist_ok=True)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def ends(app):
    """The ends of tasks, of Spark's own log of events."""
    paths = [path for path in (WORK / "events").iterdir() if path.name.startswith(app)]
    lines = "".join(path.read_text() for path in paths).splitlines()
    return [event for line in lines if (event := json.loads(line))["Event"] == "SparkListenerTaskEnd"]


def smoke():
    path = log("smoke", 4000, 2)
    want, _ = one_process(path)
    spark = session("local-cluster[2,1,1024]")
    equal(leadsman.spark.profile(spark.read.text(str(path)).repartition(8), PLAN), "smoke", want)
    spark.stop()


@contextlib.contextmanager
def standalone():
    """A master and two workers, which are stopped whatever happens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    run = [os.environ["SPARK_HOME"] + "/bin/spark-class", "org.apache.spark.deploy"]
    started = []

    def start(name, *args, host):
        env = {**os.environ, "SPARK_LOCAL_IP": host, "SPARK_DAEMON_MEMORY": "256m", "SPARK_WORKER_DIR": str((WORK / "work").resolve())}
        with open(WORK / f"{name}.log", "w") as out:
            started.append(subprocess.Popen([run[0], f"{run[1]}.{args[0]}", *args[1:]], env=env, stdout=out, stderr=out, start_new_session=True))

    try:
        start("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0", host="127.0.0.1")
        for host in ("127.0.0.1", "127.0.0.2"):
            start(f"worker-{host}", "worker.Worker", "--host", host, "--cores", "1", "--memory", "1g", "--webui-port", "0", f"spark://127.0.0.1:{port}", host=host)
        deadline = time.monotonic() + 180
        while (WORK / "master.log").read_text().count("Registering worker") < 2:
            if time.monotonic() > deadline or any(process.poll() is not None for process in started):
                sys.exit("cluster: the master and its workers did not start: see build/cluster/*.log")
            time.sleep(0.5)
        yield f"spark://127.0.0.1:{port}"
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def slow(frame, index, seconds, mark):
    """frame, whose partition index takes so long when it is read for the first time, and says who reads it.

    A stage that runs again begins to count attempts anew, so a file tells the first.
    """

    def wait(batches):
        from pyspark import TaskContext

        context = TaskContext.get()
        if context.partitionId() == index and not os.path.exists(mark):
            daemon = os.getppid()
            executor = Path(f"/proc/{daemon}/stat").read_text().rpartition(")")[2].split()[1]
            Path(mark + ".new").write_text(executor)
            os.rename(mark + ".new", mark)
            time.sleep(seconds)
        yield from batches

    return frame.mapInArrow(wait, frame.schema)


def killed(spark, frame, want):
    mark = str((WORK / "killed.mark").resolve())

    def kill():
        while not os.path.exists(mark):
            time.sleep(0.1)
        time.sleep(1)
        os.kill(int(Path(mark).read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    profile = leadsman.spark.profile(slow(frame, 3, 600, mark), PLAN)
    killer.join()
    equal(profile, "killed", want)
    lost = [e for e in ends(spark.sparkContext.applicationId) if e["Task End Reason"]["Reason"] == "ExecutorLostFailure"]
    if not lost:
        sys.exit("cluster: no task was lost with the executor that was killed")
    say(f"killed: an executor was killed with {len(lost)} task in it, which ran again")


def speculated(spark, frame, want):
    began = time.monotonic()
    equal(leadsman.spark.profile(slow(frame, 3, 600, str((WORK / "slow.mark").resolve())), PLAN), "speculation", want)
    took = time.monotonic() - began
    twins = [e for e in ends(spark.sparkContext.applicationId) if e["Task Info"]["Speculative"] and e["Task End Reason"]["Reason"] == "Success"]
    if took > 300 or not any(e["Task Info"]["Index"] == 3 for e in twins):
        sys.exit(f"cluster: no twin of the slow task won ({took:.0f} s)")
    say("speculation: partition 3 slept for 600 s, its twin on the other worker won")


def refused(frame, want):
    try:
        leadsman.spark.profile(frame, PLAN)
    except leadsman.Error as err:
        say(f"poisoned: {err}")
        if want not in str(err):
            sys.exit(f"cluster: want an error with {want!r}")
    else:
        sys.exit("cluster: a poisoned partition went through")


def poisoned(spark, path):
    dir = WORK / "poisoned"
    lines = path.read_text().splitlines()
    for i in range(4):
        part = dir / f"part={i}" / "log.parquet"
        part.parent.mkdir(parents=True)
        pyarrow.parquet.write_table(pyarrow.table({"value": lines[i::4]}), part)
    bad = dir / "part=2" / "log.parquet"
    data = bytearray(bad.read_bytes())
    data[2000:4000] = bytes(2000)
    bad.write_bytes(data)
    refused(spark.read.parquet(str(dir)).select("value"), "log.parquet: Spark cannot read it")

    # A packed file without its suffix is a partition of garbage.
    plain = spark.read.text(str(path)).repartition(3)
    (WORK / "packed").write_bytes(gzip.compress(path.read_bytes()))
    refused(plain.union(spark.read.text(str(WORK / "packed"))), "predictions-00003: ")

    # Lines that are none are counted, and driftcalc decides of the whole.
    spoilt = spark.createDataFrame([(line if i % 4 else "half a line",) for i, line in enumerate(lines[:4000])], "value string").repartition(4)
    (WORK / "spoilt.arrows").write_bytes(leadsman.spark.profile(spoilt, PLAN))
    told = subprocess.run(
        [LEADSMAN, "driftcalc", "compare", "--plan", PLAN, "--ref", WORK / "reference.arrows", "-o", WORK / "none.arrows", WORK / "spoilt.arrows"],
        stderr=subprocess.PIPE,
        text=True,
    )
    if told.returncode != 1 or "predictions-0000" not in told.stderr:
        sys.exit(f"cluster: spoilt lines went through, or their partition is not named: {told.stderr}")
    say(f"poisoned: {told.stderr.strip()}")


def measured(spark):
    rows = int(os.environ.get("ROWS", 200_000))
    path = log("timed", rows, 4)
    want, alone = one_process(path)
    took = {}
    spark.conf.set("spark.sql.files.openCostInBytes", "0")
    for parts in (8, 200):
        spark.conf.set("spark.sql.files.maxPartitionBytes", str(path.stat().st_size // parts + 1))
        stored = spark.read.text(str(path))
        if stored.rdd.getNumPartitions() != parts:
            sys.exit(f"cluster: {stored.rdd.getNumPartitions()} partitions, want {parts}")
        began = time.monotonic()
        profile = leadsman.spark.profile(stored, PLAN)
        took[parts] = time.monotonic() - began
        equal(profile, f"timed-{parts}-partitions", want)
        began = time.monotonic()
        if leadsman.spark.profile(stored, PLAN, branches=4) != profile:
            sys.exit("cluster: a tree gives another profile")
        say(f"{parts} partitions of {rows} rows: {took[parts]:.1f} s by the driver, {time.monotonic() - began:.1f} s by a tree of 4 branches, the same bytes")
    say(f"one process took {alone:.1f} s, with the comparison; a partition costs {(took[200] - took[8]) / 192 * 1000:.0f} ms on two workers of one core")


def all_of_it():
    path = log("log", 20_000, 3)
    want, _ = one_process(path)
    one = {"executor_memory": "1g", "executor_cores": "1"}
    twins = {**one, "speculation": "true", "speculation_interval": "200ms", "speculation_quantile": "0.5", "speculation_multiplier": "1.5"}
    checks = {
        "lines": lambda spark: equal(leadsman.spark.profile(spark.read.text(str(path)).repartition(8), PLAN), "lines", want),
        "typed": lambda spark: equal(leadsman.spark.profile(spark.read.json(str(path)).repartition(8), PLAN), "typed", want),
        "poisoned": lambda spark: poisoned(spark, path),
        "killed": lambda spark: killed(spark, spark.read.text(str(path)).repartition(8), want),
        "measured": measured,
        "speculated": lambda spark: speculated(spark, spark.read.text(str(path)).repartition(8), want),
    }
    only = os.environ.get("ONLY", "").split()
    with standalone() as master:
        for settings, names in ((one, ("lines", "typed", "poisoned", "killed", "measured")), (twins, ("speculated",))):
            names = [name for name in names if not only or name in only]
            if not names:
                continue
            spark = session(master, **settings)
            for name in names:
                checks[name](spark)
            spark.stop()


{"smoke": smoke, "all": all_of_it}[sys.argv[1]]()
