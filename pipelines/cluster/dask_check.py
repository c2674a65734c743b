"""Counts a log on Dask's local cluster while one of its workers is killed. See check.sh."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import dask.bag
import distributed
import leadsman
import leadsman.dask

WORK = Path(sys.argv[1])


def main():
    log, plan = WORK / "many.jsonl", (WORK / "plan.arrows").resolve()
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, distributed.Client(cluster) as client:
        mark = (WORK / "dask.mark").resolve()

        def slow(lines, mark=str(mark)):
            lines = list(lines)
            if not os.path.exists(mark):
                Path(mark).write_text(str(os.getpid()))
                time.sleep(600)
            return lines

        def kill():
            while not mark.exists() or not mark.read_text():
                time.sleep(0.1)
            os.kill(int(mark.read_text()), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        bag = dask.bag.read_text(str(log), blocksize=log.stat().st_size // 8 + 1).map_partitions(slow)
        profile = client.compute(leadsman.dask.profile(bag, plan, branches=3)).result()
        killer.join()
    (WORK / "dask.arrows").write_bytes(profile)
    out = WORK / "dask-parts.arrows"
    subprocess.run([leadsman.program(), "driftcalc", "compare", "--plan", plan, "--ref", WORK / "reference.arrows", "-o", out, WORK / "dask.arrows"], check=True)
    got, want = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (out, WORK / "whole.arrows"))
    if got != want:
        sys.exit("cluster: dask: other bytes than one process gives")
    print(f"cluster: dask: {bag.npartitions} partitions, a worker killed with one in it: the bytes of one process")


if __name__ == "__main__":
    main()
