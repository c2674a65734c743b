"""A program with a known place of its time, profiled by both profilers (in /srv/app, since
profiles name their files whole):

    python make.py                      writes spin.pstats
    py-spy record --format speedscope --rate 100 -o spin.speedscope.json -- python make.py run
"""
import cProfile
import sys
import time


def spin(seconds):
    end = time.process_time() + seconds
    n = 0
    while time.process_time() < end:
        for i in range(200_000):
            n += i * i
    return n


def work():
    return [spin(0.1) for _ in range(10)]


if sys.argv[1:] == ["run"]:
    work()
else:
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    profile.dump_stats("spin.pstats")
