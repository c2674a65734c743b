#!/usr/bin/env python3
"""Writes vectors.jsonl.gz: arguments and what SciPy, exact fractions or mpmath say.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py

One JSON object a line: f (function), a (arguments), w (wanted). A sample is a list of
numbers or a recipe [kind, seed, size, shift, scale] that oracle_test.go follows too, so
that large samples need not be stored. Infinities are the strings "inf" and "-inf".
"""
import gzip
import itertools
import json
import math
import sys
import warnings
from fractions import Fraction

import mpmath
import numpy as np
from scipy import optimize, special, stats
from scipy.spatial.distance import jensenshannon
from scipy.stats import _stats_py

warnings.simplefilter("ignore")
OUT = []


def uniforms(seed, n):
    """splitmix64 as 53-bit fractions in [0, 1)."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def sample(s):
    if not (s and isinstance(s[0], str) and s[0] not in ("inf", "-inf")):
        return np.array([float(v) for v in s])
    kind, seed, n, shift, scale = s
    if kind == "bell":
        u = uniforms(seed, 4 * n).reshape(n, 4)
        v = ((u[:, 0] + u[:, 1]) + u[:, 2]) + u[:, 3] - 2.0
    else:
        u = uniforms(seed, n)
        v = {
            "flat": lambda: u,
            "heavy": lambda: 1.0 / (1.0 - u),
            "steps": lambda: np.floor(u * 10.0),
            "whole": lambda: np.floor(u * 1000.0),
            "const": lambda: u * 0.0,
        }[kind]()
    return v * scale + shift


def plain(v):
    if isinstance(v, (list, tuple, np.ndarray)):
        return [plain(x) for x in v]
    if isinstance(v, (str, bool)) or v is None:
        return v
    if isinstance(v, (int, np.integer)):
        return int(v)
    v = float(v)
    if math.isinf(v):
        return "inf" if v > 0 else "-inf"
    if math.isnan(v):
        raise ValueError("NaN in a vector")
    return v


def put(f, a, w):
    try:
        OUT.append(json.dumps({"f": f, "a": plain(a), "w": plain(w)}, separators=(",", ":")))
    except ValueError:
        sys.stderr.write(f"{f}: no answer for {str(a)[:80]}\n")


SEED = itertools.count(1)
SIZES = [(1, 1), (1, 2), (2, 1), (3, 5), (4, 4), (10, 7), (12, 12), (50, 33), (100, 200), (303, 1000),
         (1000, 1000), (997, 1009), (5000, 300), (20000, 50), (10001, 500), (40000, 1000), (100000, 100000)]
TINY = [
    ([1], [1]), ([1], [2]), ([1, 2], [3, 4]), ([3, 1, 2], [2, 2, 2]), ([0, 0, 0], [0, 0]), ([0, 0, 0, 1], [1, 1, 1, 0, 1]),
    ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]), ([5e-324, 1e-323], [0, 1.5e-323, 5e-324]),
    ([-1e308, 1e308], [1e308, 5e307, -1e307]), ([1e308], [-1e308]), ([1, 1e17], [1, 3, 1e17]), ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]),
    ([2.5, -1.25, 7, 7, 7], [7, 7, -1.25]), ([1e-300, 2e-300], [3e-300, 1e-300]), ([-5, -5, -5], [5, 5]),
]


def pairs(limit=10**9):
    for a, b in TINY:
        yield a, b
    for n, m in SIZES:
        if max(n, m) > limit:
            continue
        for kind in ("flat", "bell", "heavy", "steps", "whole"):
            for shift in (0, 0.0625, 1):
                if n + m > 50000 and shift == 1:
                    continue
                if kind in ("steps", "whole"):
                    shift = math.ceil(shift)
                yield [kind, next(SEED), n, 0, 1], [kind, next(SEED), m, shift, 1]
        yield ["bell", next(SEED), n, 0, 1], ["bell", next(SEED), m, 0, 3]
        if n + m > 50000:
            continue
        yield ["heavy", next(SEED), n, 0, 1e-310], ["heavy", next(SEED), m, 0, 1e-310]
        yield ["bell", next(SEED), n, 0, 4e306], ["bell", next(SEED), m, 1e305, 4e306]
        yield ["const", next(SEED), n, 3, 1], ["const", next(SEED), m, 3, 1]
        yield ["const", next(SEED), n, 3, 1], ["bell", next(SEED), m, 3, 1]


def counts(seed, k, n, tilt=0.0):
    """n rows over k categories with falling shares."""
    p = (1.0 + tilt * np.arange(k)) / np.arange(1, k + 1)
    edges = np.cumsum(p / p.sum())
    return np.bincount(np.minimum(np.searchsorted(edges, uniforms(seed, n), side="right"), k - 1), minlength=k)


def count_pairs():
    fixed = [([1, 2], [2, 1]), ([0, 5], [5, 0]), ([3, 0, 0], [0, 3, 0]), ([10, 20, 30], [10, 20, 30]), ([1000, 1], [1, 1000]),
             ([5], [7]), ([0, 4, 0], [0, 9, 0]), ([100, 0, 50], [90, 0, 60]), ([1, 0], [0, 1]), ([10**9, 10**9 + 7], [10**9 + 3, 10**9]),
             ([3 * 10**12, 1], [2 * 10**12, 5]), ([1] * 300, [2] * 300)]
    for p in fixed:
        yield p
    for k in (2, 3, 5, 10, 12, 30, 98):
        for n, m in ((5, 5), (50, 200), (303, 50), (303, 5000), (1000, 1000), (20000, 400), (100000, 100000)):
            for tilt in (0, 0.05, 1):
                yield counts(next(SEED), k, n).tolist(), counts(next(SEED), k, m, tilt).tolist()


def ks_p(d, n, m):
    g = math.gcd(n, m)
    if max(n, m) <= 10000:
        ok, _, p = _stats_py._attempt_exact_2kssamp(n, m, g, d, "two-sided")
        if not ok:
            return None
        return min(1.0, max(0.0, float(p)))
    return float(np.clip(stats.kstwo.sf(d, np.round(float(n) * float(m) / (float(n) + m))), 0, 1))


def ks():
    for a, b in list(pairs()) + [(["-inf", 1, "inf"], ["-inf", "-inf", 2, 3]), (["inf"], ["-inf"])]:
        x, y = sample(a), sample(b)
        u = np.unique(np.concatenate([x, y]))
        fx = np.searchsorted(np.sort(x), u, side="right")
        fy = np.searchsorted(np.sort(y), u, side="right")
        # Whole numbers: D to the last digit, which ks_2samp only nearly gives for large samples.
        top = int(np.max(np.abs(fx * len(y) - fy * len(x))))
        r = stats.ks_2samp(x, y)
        d = top / (len(x) * len(y))
        assert abs(d - r.statistic) <= 1e-12 * d + 1e-15, (a, b, d, r.statistic)
        put("KS", [a, b], [d, r.pvalue])
    for n, m in [(1, 1), (2, 3), (5, 5), (7, 20), (30, 30), (40, 100), (100, 100), (101, 100), (303, 50), (303, 200), (303, 5000), (500, 500),
                 (1000, 1000), (1000, 999), (2000, 3000), (10000, 10000), (10000, 5000), (10000, 64), (10000, 1), (3333, 10000),
                 (10001, 1), (20000, 10), (20000, 139), (20000, 141), (50000, 143), (15000, 303), (12000, 12000), (20000, 20000),
                 (100000, 100000), (150000, 300000), (300000, 300000), (1500000, 1500000), (3000000, 2500000), (10**8, 10**8), (10**9, 500)]:
        en = n * m / (n + m)
        for z in (0.05, 0.2, 0.35, 0.5, 0.7, 0.85, 1, 1.2, 1.36, 1.5, 1.9, 2.3, 3, 5, 8, 12, 16, 18.5, 19.2):
            d = z / math.sqrt(en)
            if d >= 1:
                continue
            p = ks_p(d, n, m)
            # SciPy gives 0 for what it cannot hold; below 1e-300 nothing is promised.
            if p is not None and (p > 1e-300 or p == 0 and z > 19):
                put("KSPValue", [d, n, m], p)
        if max(n, m) < 10**6:
            for d in (0.3, 0.5, 0.6, 0.9, 1.0):
                p = ks_p(d, n, m)
                if p is not None and p > 1e-300:
                    put("KSPValue", [d, n, m], p)


def bergsma(t):
    t = np.array(t, float)
    t = t[t.sum(1) > 0][:, t.sum(0) > 0]
    r, k = t.shape
    if min(r, k) < 2:
        return 0.0
    n = t.sum()
    e = np.outer(t.sum(1), t.sum(0)) / n
    phi2 = max(0, math.fsum(((t - e) ** 2 / e).ravel()) / n - (r - 1) * (k - 1) / (n - 1))
    rr, kk = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    if min(rr, kk) <= 1:
        return 0.0
    return min(1.0, math.sqrt(phi2 / min(rr - 1, kk - 1)))


def exact_tables(t):
    """X² from exact expectations."""
    rows = [sum(r) for r in t]
    cols = [sum(c) for c in zip(*t)]
    n = sum(rows)
    x2 = Fraction(0)
    for i, r in enumerate(t):
        for j, o in enumerate(r):
            if rows[i] == 0 or cols[j] == 0:
                continue
            e = Fraction(rows[i] * cols[j], n)
            x2 += (o - e) ** 2 / e
    return float(x2)


def tables():
    for a, b in count_pairs():
        x2 = exact_tables([a, b])
        keep = [i for i in range(len(a)) if a[i] + b[i] > 0]
        t = np.array([[a[i] for i in keep], [b[i] for i in keep]])
        df = len(keep) - 1
        if df and max(map(max, t)) < 10**8:
            s = stats.chi2_contingency(t, correction=False)
            assert abs(s.statistic - x2) <= 1e-9 * x2 + 1e-12 and s.dof == df, (a, b, s, x2)
        put("ChiSquared", [a, b], [x2, stats.chi2.sf(x2, df) if df else 1, df, bergsma([a, b])])
        k = len(a)
        n, m = sum(a), sum(b)
        terms = []
        for r, c in zip(a, b):
            r, c = Fraction(2 * r + 1, 2 * n + k), Fraction(2 * c + 1, 2 * m + k)
            q = (c - r) / r
            terms.append(float(c - r) * (math.log1p(float(q)) if abs(q) < 0.5 else math.log(c / r)))
        raw = math.fsum(terms)
        bias = float((Fraction(1, n) + Fraction(1, m)) * (k - 1))
        put("PSICounts", [a, b], [raw - bias, raw, bias, terms])
        p, q = np.array(a) / n, np.array(b) / m
        put("JensenShannon", [a, b], [jensenshannon(a, b) ** 2, jensenshannon(a, b), jensenshannon(a, b, 2)])
        put("KL", [p, q], np.sum(special.rel_entr(p, q)))
        with np.errstate(all="ignore"):
            put("PSI", [p, q], np.sum(special.rel_entr(p, q)) + np.sum(special.rel_entr(q, p)))
        if n <= 10**6 >= m:
            u = np.repeat(np.arange(k), a)
            v = np.repeat(np.arange(k), b)
            s = stats.ks_2samp(u, v)
            put("KSCounts", [a, b], [s.statistic, s.pvalue])
    for r, k, n in itertools.product((2, 3, 6), (2, 4, 9), (10, 300, 20000)):
        for tilt in (0, 0.1, 2):
            t = [counts(next(SEED), k, max(1, n // (i + 1)), tilt * i).tolist() for i in range(r)]
            x2 = exact_tables(t)
            df = (sum(sum(x) > 0 for x in t) - 1) * (sum(sum(x) > 0 for x in zip(*t)) - 1)
            put("Independence", [t], [x2, stats.chi2.sf(x2, df) if df else 1, df, bergsma(t)])


def proportions():
    for n, m in ((1, 1), (5, 8), (50, 303), (1000, 1000), (100000, 5000), (10**7, 10**6)):
        for a, b in ((0, 0), (0, 1), (1, 1), (0.5, 0.5), (0.1, 0.12), (0.5, 0.9), (0.001, 0.01), (0.3, 0.301), (0.25, 0.275)):
            x, y = round(a * n), round(b * m)
            t = [[x, n - x], [y, m - y]]
            if 0 < x + y < n + m:
                x2 = exact_tables(t)
                z = math.copysign(math.sqrt(x2), Fraction(y, m) - Fraction(x, n))
                put("TwoProportions", [x, n, y, m], [z, stats.chi2.sf(x2, 1), float(Fraction(y, m) - Fraction(x, n))])
            else:
                put("TwoProportions", [x, n, y, m], [0, 1, 0])
            if n <= 10**5:
                put("FisherExact", [x, n - x, y, m - y], stats.fisher_exact(t).pvalue)
    for t in ([3, 1, 1, 3], [10, 10, 10, 10], [8, 2, 1, 5], [0, 10, 12, 2], [100, 1, 1, 100], [0, 3, 0, 9], [50, 60, 70, 80], [1000, 10, 900, 100],
              [6, 6, 6, 6], [1, 9, 11, 3], [5, 0, 1, 4], [2000, 1000, 1000, 2000], [500, 100, 200, 400], [7, 5, 5, 7], [0, 1, 1, 0], [30000, 100, 29000, 350]):
        put("FisherExact", t, stats.fisher_exact([t[:2], t[2:]]).pvalue)
    for i in range(120):
        u = uniforms(next(SEED), 4)
        t = [int(v * 10 ** (1 + i % 4)) for v in u]
        if sum(t[:2]) and sum(t[2:]):
            p = stats.fisher_exact([t[:2], t[2:]]).pvalue
            if p > 1e-300:
                put("FisherExact", t, p)
    for n in (1, 2, 10, 303, 5000, 10**6):
        for share in (0, 0.001, 0.1, 0.5, 0.93, 1):
            for c in (0.5, 0.9, 0.95, 0.99, 0.9999):
                k = round(share * n)
                r = stats.binomtest(k, n).proportion_ci(c, method="wilson")
                put("Wilson", [k, n, c], [r.low, r.high])


def outside():
    for n in (1, 2, 3, 10, 100, 303, 1000, 5000, 100000):
        for m in (1, 2, 20, 303, 5000, 100000):
            for k in sorted({0, 1, 2, 3, 5, 10, 20, 63, 64, 65, 66, 100, 300, m // 2, m - 1, m}):
                if 0 <= k <= m:
                    # Exact: the pooled sample's first k+1 values hold at most one of the reference.
                    num = math.comb(m, k + 1) + n * math.comb(m, k) if m <= 5000 else None
                    if num is not None and n + m <= 10000:
                        p = Fraction(num, math.comb(n + m, k + 1))
                        p = 0.0 if p < Fraction(1, 10**305) else float(p)
                    else:
                        lb = special.gammaln  # ratios of a few terms only
                        if k > 66:
                            continue
                        p = math.prod(Fraction(m - i, n + m - i) for i in range(k))
                        p = float(p * (m - k + n * (k + 1)) / (n + m - k))
                    if p > 1e-300:
                        put("OutOfRange", [n, k, m], [min(1, p), 2 * m / (n + 1)])
    for n in (1, 5, 50, 400):
        for a, b in ((1, 1), (2, 302), (0.5, 0.5), (2, 1), (3.7, 900.25), (20, 20), (1e-3, 5), (1e4, 1e5)):
            for k in sorted({0, 1, 2, n // 4, n // 2, n - 1, n, n + 1}):
                p = beta_binomial(k, n, a, b)
                if k >= 0 and (p > 1e-300 or k > n):
                    put("BetaBinomialTail", [k, n, a, b], p)
    for n1, n2, n, k, m in [(5, 2, 303, 3, 200), (5, 2, 303, 30, 200), (0, 0, 303, 0, 100), (0, 0, 303, 1, 100), (0, 4, 50, 2, 20), (40, 10, 100, 700, 800),
                            (1, 0, 10**6, 5, 400), (1000, 300, 10**5, 22, 1000), (10, 0, 10, 4, 5), (100, 0, 101, 0, 900), (7, 3, 5000, 10, 900), (1, 1, 3, 1, 4)]:
        q = Fraction(max(n1, 1), n)
        v = Fraction(max(n1, 1) + 2 * n2, n * n)
        z = float(Fraction(k, m) - Fraction(n1, n)) / math.sqrt(q * (1 - q) / m + v)
        ab = max(Fraction(1, 1000), q * (1 - q) / v - 1)
        put("Unseen", [n1, n2, n, k, m], [z, beta_binomial(k, m, q * ab, (1 - q) * ab) if q < 1 else 1, n1 / n, k / m])


def beta_binomial(k, n, a, b):
    """P(K >= k) by the recurrence of the probabilities, in exact fractions."""
    a, b = Fraction(a), Fraction(b)
    w, terms = Fraction(1), []
    for i in range(n + 1):
        terms.append(w)
        if i < n:
            w = w * (n - i) * (i + a) / ((i + 1) * (n - i - 1 + b))
    p = sum(terms[max(k, 0):], Fraction(0)) / sum(terms)
    return float(p) if p > Fraction(1, 10**305) else 0.0


def multiple():
    for n in (1, 2, 5, 20, 300):
        for power in (1, 5, 60):
            p = (uniforms(next(SEED), n) ** power).tolist()
            put("BenjaminiHochberg", [p], stats.false_discovery_control(np.array(p, float)))
    for p in ([0, 0, 1], [1, 1, 1], [0.05, 0.05, 0.01], [0.01, 0.02, 0.03, 0.04], [1e-300, 0.5]):
        put("BenjaminiHochberg", [p], stats.false_discovery_control(np.array(p, float)))


def cdf_area(x, y, wx=None, wy=None, squared=False):
    """The area between two CDFs in exact fractions, for small samples."""
    wx, wy = wx or [1] * len(x), wy or [1] * len(y)
    ax, ay = sum(map(Fraction, wx)), sum(map(Fraction, wy))
    at = sorted(set(x) | set(y))
    step = {v: Fraction(0) for v in at}
    for v, w in zip(x, wx):
        step[v] += Fraction(w) / ax
    for v, w in zip(y, wy):
        step[v] -= Fraction(w) / ay
    f, s = Fraction(0), Fraction(0)
    for lo, hi in zip(at, at[1:]):
        f += step[lo]
        s += (f * f if squared else abs(f)) * (Fraction(hi) - Fraction(lo))
    return s


def root(q):
    """√q of a fraction that float64 may not hold."""
    if q == 0:
        return 0.0
    shift = (q.numerator.bit_length() - q.denominator.bit_length()) // 2 * 2
    return math.ldexp(math.sqrt(q / Fraction(2) ** shift), shift // 2)


def number(q):
    try:
        return float(q)
    except OverflowError:
        return math.inf


def distances():
    for a, b in pairs():
        x, y = sample(a), sample(b)
        if len(x) + len(y) <= 500:
            put("Wasserstein", [a, b], number(cdf_area(x.tolist(), y.tolist())))
            put("Energy", [a, b], root(2 * cdf_area(x.tolist(), y.tolist(), squared=True)))
            continue
        # Whole-numbered CDF gaps and one rounding a term; SciPy subtracts rounded CDFs, which
        # costs it up to 5e-12 of the distance here. Denormals and huge values are rescaled.
        k = {True: 600, False: 0}[np.max(np.abs(x)) < 1e-250] - (1024 if np.max(np.abs(x)) > 1e300 else 0)
        u = np.unique(np.concatenate([np.ldexp(x, k), np.ldexp(y, k)]))
        fx = np.searchsorted(np.sort(np.ldexp(x, k)), u, side="right").astype(np.int64)
        fy = np.searchsorted(np.sort(np.ldexp(y, k)), u, side="right").astype(np.int64)
        h = np.abs(fx * len(y) - fy * len(x))[:-1] / (len(x) * len(y))
        w = math.fsum(np.diff(u) * h)
        e = math.sqrt(2 * math.fsum(np.diff(u) * h * h))
        if k == 0:
            assert abs(w - stats.wasserstein_distance(x, y)) <= 1e-11 * w
            assert abs(e - stats.energy_distance(x, y)) <= 1e-11 * e
        put("Wasserstein", [a, b], math.ldexp(w, -k))
        put("Energy", [a, b], math.ldexp(e, -k // 2))
    for i in range(60):
        n, m = 1 + i % 7, 1 + i % 11
        x, y = (np.sort(np.floor(uniforms(next(SEED), k) * 20) / 4).tolist() for k in (n, m))
        w, v = ((np.floor(uniforms(next(SEED), k) * 8) * (0.25 if i % 2 else 1)).tolist() for k in (n, m))
        w[0] += 1
        v[-1] += 0.5
        put("WassersteinWeighted", [x, w, y, v], float(cdf_area(x, y, w, v)))
        put("EnergyWeighted", [x, w, y, v], root(2 * cdf_area(x, y, w, v, squared=True)))


def summaries():
    ps = [0, 0.01, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.999, 1]
    for a, _ in pairs():
        x = sample(a)
        if np.max(np.abs(x)) > 1e300:
            xs = sorted(map(Fraction, x))
            q = []
            for p in ps:
                h = (len(xs) - 1) * p
                k = math.floor(h)
                q.append(float(xs[k] + (xs[min(k + 1, len(xs) - 1)] - xs[k]) * (Fraction(h) - k)))
        else:
            q = np.quantile(x, ps)
        put("Quantiles", [a, ps], q)
        if len(x) <= 500:
            f = [Fraction(v) for v in x.tolist()]
            mu = sum(f) / len(f)
            put("Mean", [a], float(mu))
            if len(x) > 1:
                put("StdDev", [a], root(sum((v - mu) ** 2 for v in f) / (len(f) - 1)))
        elif np.max(np.abs(x)) < 1e300:
            put("Mean", [a], math.fsum(x) / len(x))
    for i in range(30):
        v = np.unique(np.floor(uniforms(next(SEED), 12) * 30) / 4)
        c = np.floor(uniforms(next(SEED), len(v)) * 6).astype(int)
        c[i % len(c)] += 1
        put("QuantilesWeighted", [v, c, ps], np.quantile(np.repeat(v, c), ps))


def correlations():
    for _ in range(180):
        next(SEED)  # no vector holds these; the later ones keep theirs
    for r1, n, r2, m in itertools.product((-0.9, 0, 0.3, 0.999), (4, 303, 10**5), (-0.95, 0.01, 0.31, 0.999), (5, 400)):
        v, w = (1 - r1 * r1) ** 2 / n, (1 - r2 * r2) ** 2 / m
        df = (v + w) ** 2 / (4 * v * v / n + 4 * w * w / m)
        t = (r2 - r1) / math.sqrt(v + w)
        put("Correlations", [r1, v * n, n, r2, w * m, m], [t, 2 * stats.t.sf(abs(t), df)])


def power():
    for n, m in ((303, 50), (303, 200), (303, 500), (303, 10**6), (5000, 1000), (10**5, 10**5)):
        for bins in (2, 5, 12, 60):
            for alpha in (0.05, 0.05 / 60, 1e-6):
                for want in (0.5, 0.8, 0.95):
                    crit = stats.chi2.isf(alpha, bins - 1)
                    lam = optimize.brentq(lambda v: stats.ncx2.sf(crit, bins - 1, v) - want, 1e-9, 1e4, xtol=1e-12, rtol=1e-14)
                    put("DetectablePSI", [n, m, bins, alpha, want], lam * (1 / n + 1 / m))
        for share in (0, 0.02, 0.5, 0.9, 1):
            za, zb = stats.norm.isf(0.025), stats.norm.ppf(0.8)

            def over(q):
                pool = (n * share + m * q) / (n + m)
                return abs(q - share) - za * math.sqrt(max(0, pool * (1 - pool)) * (1 / n + 1 / m)) - zb * math.sqrt(share * (1 - share) / n + q * (1 - q) / m)

            up = share < 1 and over(1) > 0
            if not up and over(0) <= 0:
                continue
            end = 1 if up else 0
            t = optimize.brentq(lambda t: over(share + (end - share) * t), 1e-15, 1, xtol=1e-15, rtol=1e-14)
            put("DetectableProportion", [share, n, m, 0.05, 0.8], abs(end - share) * t)


def tails():
    for z in (-38, -5, -1, 0, 1e-9, 0.5, 1.96, 5, 10, 20, 30, 37):
        put("NormalSF", [z], stats.norm.sf(z))
    for p in (1e-300, 1e-100, 1e-20, 1e-6, 0.001, 0.025, 0.2, 0.5, 0.7, 0.99, 0.9999999):
        put("NormalQuantile", [p], stats.norm.ppf(p))
    for df in (1, 2, 3, 4, 5, 9, 10, 11, 30, 97, 300, 1000, 65535):
        for q in (0.999, 0.9, 0.5, 0.1, 1e-3, 1e-9, 1e-20, 1e-60, 1e-150, 1e-290):
            x = float(stats.chi2.isf(q, df))
            put("ChiSquaredSF", [x, df], special.chdtrc(df, x))


def cramer_limit(x):
    """P(W > x): 1 less the series with K_1/4, with digits to spare for the difference."""
    if x < 0.003:
        return 1.0
    mpmath.mp.dps = 30 + int(2.2 * x)
    x, total, k = mpmath.mpf(x), mpmath.mpf(0), 0
    while True:
        y = 4 * k + 1
        q = mpmath.mpf(y) ** 2 / (16 * x)
        z = mpmath.gamma(k + 0.5) / mpmath.factorial(k) / (mpmath.pi**1.5 * mpmath.sqrt(x))
        z *= mpmath.sqrt(y) * mpmath.exp(-q) * mpmath.besselk(0.25, q)
        total += z
        k += 1
        if z < mpmath.mpf(10) ** (-mpmath.mp.dps):
            return float(1 - total)


def cramer():
    for i, (a, b) in enumerate(pairs(20000)):
        x, y = sample(a), sample(b)
        n, m = len(x), len(y)
        if min(n, m) < 2:
            continue
        rank = stats.rankdata(np.concatenate([np.sort(x), np.sort(y)]))
        twice = [int(v) for v in 2 * rank]
        u4 = n * sum((r - 2 * j) ** 2 for j, r in enumerate(twice[:n], 1)) + m * sum((r - 2 * j) ** 2 for j, r in enumerate(twice[n:], 1))
        t = Fraction(u4, 4 * n * m * (n + m)) - Fraction(4 * n * m - 1, 6 * (n + m))
        r = stats.cramervonmises_2samp(x, y)
        assert abs(r.statistic - t) <= 1e-9 * abs(t) + 1e-9
        if max(n, m) <= 20:
            put("CramerVonMises", [a, b], [float(t), r.pvalue])
        elif i % 3 == 0 or n + m < 300:
            big = n + m
            mean = Fraction(big + 1, 6 * big)
            var = Fraction((big + 1) * (4 * n * m * big - 3 * (n * n + m * m) - 2 * n * m), 45 * big * big * 4 * n * m)
            tn = 1 / 6 + float(t - mean) / math.sqrt(45 * var)
            if tn > 130:
                continue
            p = cramer_limit(tn)
            assert abs(p - r.pvalue) < 1e-6, (a, b, p, r.pvalue)
            put("CramerVonMises", [a, b], [float(t), p])
    for n, m in ((2, 2), (2, 20), (3, 4), (5, 9), (12, 20), (20, 20), (19, 20), (13, 17)):
        for shift in (0, 0.5, 2):
            a, b = ["bell", next(SEED), n, 0, 1], ["bell", next(SEED), m, shift, 1]
            r = stats.cramervonmises_2samp(sample(a), sample(b))
            put("CramerVonMises", [a, b], [r.statistic, r.pvalue])


def rank_tests():
    more = [(["bell", next(SEED), n, 0, 1], ["bell", next(SEED), m, s, 1])
            for n, m in ((2, 7), (5, 5), (8, 8), (8, 9), (9, 9), (3, 40), (8, 60), (120, 8), (1, 500), (7, 700), (300, 400), (5000, 5000)) for s in (0, 0.3, 1, 2.5)]
    for a, b in list(pairs()) + more:
        x, y = sample(a), sample(b)
        if min(len(x), len(y)) <= 8 and max(len(x), len(y)) > 2000:
            continue
        r = stats.mannwhitneyu(x, y)
        if math.isnan(r.pvalue):
            continue
        put("MannWhitney", [a, b], [r.statistic, r.pvalue])
    for a, b in list(pairs()) + more:
        x, y = sample(a), sample(b)
        if len(x) + len(y) < 4 or len(np.unique(np.concatenate([x, y]))) < 2:
            continue
        r = stats.anderson_ksamp([x, y], variant="midrank")
        put("AndersonDarling", [a, b], [r.statistic, r.pvalue])
    for k in (3, 5, 9):
        for shift in (0, 0.1, 0.3):
            for kind in ("bell", "steps", "heavy"):
                s = [[kind, next(SEED), 20 + 7 * i, shift * i, 1] for i in range(k)]
                r = stats.anderson_ksamp([sample(v) for v in s], variant="midrank")
                put("AndersonDarling", s, [r.statistic, r.pvalue])


def epps():
    # The correction for small samples asks for both below 25.
    mixed = [(["bell", 90001, 10, 0, 1], ["bell", 90002, 40, 0.5, 1]), (["flat", 90003, 60, 0, 1], ["flat", 90004, 24, 0.25, 1])]
    for a, b in list(pairs()) + mixed:
        x, y = sample(a), sample(b)
        z = np.concatenate([x, y])
        if min(len(x), len(y)) < 5 or np.max(np.abs(z)) > 1e300 or np.max(np.abs(z)) < 1e-250 or stats.iqr(z) == 0:
            continue
        sigma = stats.iqr(z) / 2
        ts = np.array([[0.4], [0.8]]) / sigma
        g = [np.vstack([np.cos(ts * v), np.sin(ts * v)]) for v in (x, y)]
        cov = sum(len(z) / len(v) * np.cov(h, bias=True) for v, h in zip((x, y), g))
        if np.linalg.cond(cov) > 1e5:
            continue
        r = stats.epps_singleton_2samp(x, y)
        put("EppsSingleton", [a, b], [r.statistic, r.pvalue, np.linalg.cond(cov), np.max(np.abs(z)) / sigma])


def student():
    mpmath.mp.dps = 40

    def two_sided(t, df):
        t, df = mpmath.mpf(t), mpmath.mpf(df)
        return float(mpmath.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True))

    for df in (1, 1.5, 3, 9.25, 30, 99.5, 1000, 12345.6, 1e6):
        for t in (1e-3, 0.5, 1, 1.96, 4, 10, 25, 37):
            p = two_sided(t, df)
            if p > 1e-300:
                put("student", [t, df], p)


def goodness():
    for i, (r, c) in enumerate([([10, 20, 30], [12, 18, 33]), ([5, 0, 5], [3, 4, 1]), ([7], [9]), ([1000, 1], [1, 1000]), ([4, 0, 6], [0, 0, 9])]
                               + [(counts(700000 + 2 * i, k, n).tolist(), counts(700001 + 2 * i, k, m, tilt).tolist())
                                  for i, (k, n, m, tilt) in enumerate(itertools.product((2, 4, 9, 30), (50, 303, 5000), (40, 300, 20000), (0, 0.05)))]):
        kept = [(x, y) for x, y in zip(r, c) if x or y]
        r1, c1 = [x for x, _ in kept], [y for _, y in kept]
        if len(kept) < 2:
            put("Goodness", [r, c], [0, 1, 0, 1])
            continue
        e = np.array(r1) * (sum(c1) / sum(r1))
        w = [float(v) for lam in ("pearson", "log-likelihood") for v in stats.power_divergence(c1, e, lambda_=lam)]
        put("Goodness", [r, c], w)


def one_sided():
    seed = itertools.count(800000)
    for n, m in ((2, 7), (5, 5), (8, 8), (8, 60), (9, 9), (3, 40), (50, 33), (303, 1000), (5000, 300), (700, 7)):
        for kind in ("bell", "flat", "heavy", "steps", "whole"):
            for shift in (-1, 0, 0.0625, 1):
                shift = math.ceil(shift) if kind in ("steps", "whole") else shift
                a, b = [kind, next(seed), n, 0, 1], [kind, next(seed), m, shift, 1]
                x, y = sample(a), sample(b)
                put("MannWhitneyLess", [a, b], stats.mannwhitneyu(x, y, alternative="less").pvalue)
                if np.ptp(x) > 0 and np.ptp(y) > 0:
                    t = stats.ttest_ind(y, x)
                    put("StudentTCounts", [a, b], [t.statistic, t.pvalue, t.df])


for part in (ks, tables, proportions, outside, multiple, distances, summaries, correlations, power, tails, cramer, rank_tests, epps, student, goodness, one_sided):
    part()
with open("vectors.jsonl.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
    f.write(("\n".join(OUT) + "\n").encode())
tally = {}
for line in OUT:
    name = json.loads(line)["f"]
    tally[name] = tally.get(name, 0) + 1
sys.stderr.write(f"{len(OUT)} vectors: {tally}\n")
