"""How alike two samples of scores are, as leadsman's score check measures it."""

import numpy as np


def psi(ref, cur):
    """Population stability index over ref's deciles plus under and over, in
    nats, less its expectation where nothing has moved."""
    ref, cur = np.asarray(ref, dtype=np.float64), np.asarray(cur, dtype=np.float64)
    inner = np.quantile(ref, np.arange(1, 10) / 10)
    edges = np.concatenate([[np.nextafter(ref.min(), -np.inf)], inner, [ref.max()]])
    bins = len(edges) + 1
    share = []
    for sample in (ref, cur):
        count = np.bincount(np.searchsorted(edges, sample, side="left"), minlength=bins)
        share.append((count + 0.5) / (len(sample) + bins / 2))
    r, c = share
    return float(np.sum((c - r) * np.log(c / r)) - (1 / len(ref) + 1 / len(cur)) * (bins - 1))


def ks(a, b):
    """Largest distance between the two samples' distribution functions."""
    a, b = np.sort(a), np.sort(b)
    at = np.concatenate([a, b])
    gap = np.searchsorted(a, at, side="right") / len(a) - np.searchsorted(b, at, side="right") / len(b)
    return float(np.max(np.abs(gap)))


def auc(target, score):
    """Chance that a row of the target scores above another, ties counting half."""
    target, score = np.asarray(target), np.asarray(score)
    yes, no = np.sort(score[target == 1]), score[target == 0]
    below = np.searchsorted(yes, no, side="right")
    equal = below - np.searchsorted(yes, no, side="left")
    return float(np.mean(len(yes) - below + equal / 2) / len(yes))
