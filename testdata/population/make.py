"""Write the synthetic lead-scoring population, testdata/population.json.

    python3 testdata/population/make.py > testdata/population.json

Python 3.9 or later, standard library only; no randomness. Category shares
follow Zipf's law with the exponent that lets a sample of 303 rows show the
wanted number of distinct values.
"""

import itertools
import json
import sys

from words import CITIES, LANGUAGES, LISTS, SECTORS, SENTENCES, SKILLS, TITLES

ROWS = 303  # of the reference that the numbers of distinct values are aimed at
SCALE = 100000  # weights are whole numbers that add up to about this


def zipf(count, distinct, draws):
    """Weights of count categories of which draws draws show distinct on average."""
    lo, hi = 0.0, 4.0
    for _ in range(60):
        s = (lo + hi) / 2
        raw = [1 / (i + 2) ** s for i in range(count)]
        total = sum(raw)
        seen = sum(1 - (1 - w / total) ** draws for w in raw)
        lo, hi = (s, hi) if seen > distinct else (lo, s)
    return [max(1, round(SCALE * w / total)) for w in raw]


def interleave(groups):
    """The groups' names, the first of each, then the second of each, and so on."""
    rounds = itertools.zip_longest(*groups)
    return [name for r in rounds for name in r if name is not None]


def by_group(groups, turns, distinct, missing):
    """Zipf weights by rank within the groups, listed group by group.

    Ranks are given out in rounds; turns names the group of each turn of a
    round, so that a group that stands there twice weighs about twice as much.
    """
    number = {g: turns.count(g) for g in turns}
    taken = {g: 0 for g in turns}
    queues = []
    for g in turns:
        queues.append(groups[g][taken[g] :: number[g]])
        taken[g] += 1
    ranked = interleave(queues)
    weight = dict(zip(ranked, zipf(len(ranked), distinct, round(ROWS * (1 - missing)))))
    return [[name, weight[name]] for group in groups for name in group]


def languages():
    """Single languages and combinations, English being in most of them."""
    names = ["English"]
    names += ["English, " + b for b in LANGUAGES[1:]]
    names += [a for a in LANGUAGES[1:]]
    for i, b in enumerate(LANGUAGES[1:16], 1):
        names += ["English, %s, %s" % (b, c) for c in LANGUAGES[i + 1 : i + 14]]
    names += ["%s, English, French" % a for a in LANGUAGES[4:20]]
    return names


def number(name, quantiles, step, **more):
    return {"name": name, "kind": "number", "step": step, "quantiles": quantiles, **more}


def category(name, values, phrases=False, **more):
    """With phrases, {list} in a value stands for an entry of that list."""
    return {"name": name, "kind": "phrase" if phrases else "category", "values": values, **more}


def missing(share, **loadings):
    return {"share": share, "loadings": loadings}


def population():
    broad = [s[:7] for s in SECTORS]
    cities = list(CITIES.values())
    last = list(range(len(SECTORS)))[::-1]  # the last sector is the largest
    west = [1, 0, 1, 2]  # Europe first and twice
    few = [c[: len(c) * 4 // 5] for c in cities]
    columns = [
        number("llm_quality", [0, 8, 15, 20, 25, 30, 35, 38, 42, 45, 50, 54, 58, 62, 66, 70, 74, 79, 84, 90, 100], 1,
               loadings={"lead": 0.75, "profile": 0.3}),
        category("llm_seniority", [["Entry", 14], ["Mid", 37], ["Senior", 31], ["Executive", 18]], loadings={"lead": 0.7}),
        number("llm_engagement", [0, 0.08, 0.13, 0.18, 0.22, 0.26, 0.3, 0.33, 0.37, 0.4, 0.44, 0.48, 0.52, 0.56, 0.6, 0.65, 0.7, 0.75, 0.81, 0.88, 1], 0.01,
               loadings={"lead": 0.4, "profile": 0.45}),
        number("llm_decision_maker", [0, 0.02, 0.05, 0.08, 0.1, 0.14, 0.18, 0.22, 0.27, 0.32, 0.38, 0.45, 0.52, 0.6, 0.67, 0.74, 0.8, 0.85, 0.9, 0.95, 1], 0.01,
               loadings={"lead": 0.78}),
        category("llm_industry", by_group(SECTORS, last, 98, 0), loadings={"sector": 0.97}),
        category("llm_geography", [["North America", 26], ["Europe", 50], ["Other", 24]], loadings={"place": 0.97}),
        category("llm_business_type", [["Government", 6], ["Nonprofit", 11], ["B2C", 24], ["B2B2C", 14], ["B2B", 45]], loadings={"sector": 0.7}),
        number("llm_company_fit", [0] * 7 + [1] * 8 + [2] * 6, 1, stairs=True, loadings={"lead": 0.35, "sector": 0.4}),
        category("industry", by_group(broad, last, 56, 0.03), loadings={"sector": 0.97}, missing=missing(0.03, profile=-0.4)),
        category("companyindustry", by_group(broad, last, 49, 0.33), loadings={"sector": 0.98}, missing=missing(0.33, company=-0.97)),
        category("companysize", [["2-10", 21], ["11-50", 20], ["51-200", 17], ["201-500", 10], ["501-1000", 7], ["1001-5000", 10], ["5001-10000", 5], ["10001+", 10]],
                 loadings={"scale": 0.9}, missing=missing(0.44, company=-0.94)),
        category("companytype", [["Self-Employed", 6], ["Sole Proprietorship", 3], ["Partnership", 7], ["Cooperative", 3], ["Privately Held", 52],
                                 ["Nonprofit", 9], ["Educational", 5], ["Government Agency", 4], ["Public Company", 11]],
                 loadings={"scale": 0.75}, missing=missing(0.33, company=-0.97)),
        category("languages", [[n, w] for n, w in zip(languages(), zipf(len(languages()), 100, 209))],
                 loadings={"profile": -0.3}, missing=missing(0.31, profile=-0.7)),
        category("location", by_group(few, west, 47, 0), loadings={"place": 0.98}),
        category("companylocation", by_group(cities, west, 68, 0.4), loadings={"place": 0.93}, missing=missing(0.4, company=-0.95)),
        number("companyfoundedon", [1850, 1919, 1953, 1971, 1981, 1988, 1993, 1997, 2000, 2003, 2006, 2008, 2010, 2012, 2014, 2015, 2017, 2018, 2020, 2022, 2025], 1,
               loadings={"scale": -0.6}, missing=missing(0.55, company=-0.9)),
        {"name": "summary", "kind": "prose", "sentences": [list(s) for s in SENTENCES], "limit": 2600,
         "quantiles": [20, 60, 90, 130, 170, 210, 260, 310, 370, 430, 500, 570, 650, 740, 850, 980, 1150, 1400, 1750, 2200, 2600],
         "loadings": {"profile": 0.7}, "missing": missing(0.27, profile=-0.8)},
        {"name": "skills", "kind": "list", "items": [[n, w] for n, w in zip(SKILLS, zipf(len(SKILLS), 88, 303))],
         "quantiles": [1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 22, 27, 40], "loadings": {"profile": 0.6}},
        category("jobtitle", [list(t) for t in TITLES], phrases=True, loadings={"lead": 0.72}),
    ]
    outcome = {
        "name": "engaged", "share": 0.28, "intercept": INTERCEPT,
        "terms": [
            {"column": "llm_quality", "weight": 0.6, "center": 50, "scale": 25},
            {"column": "llm_decision_maker", "weight": 0.5, "center": 0.4, "scale": 0.3},
            {"column": "llm_engagement", "weight": 0.5, "center": 0.45, "scale": 0.25},
            {"column": "llm_company_fit", "weight": 0.3, "center": 1, "scale": 1},
            {"column": "llm_seniority", "values": {"Entry": -0.5, "Mid": -0.2, "Senior": 0.2, "Executive": 0.4}},
            {"column": "companysize", "values": {"2-10": 0.3, "11-50": 0.4, "51-200": 0.2, "1001-5000": -0.2, "5001-10000": -0.3, "10001+": -0.5}},
            {"column": "summary", "weight": 0.3, "present": True},
            {"factor": "sector", "weight": 0.5},
        ],
    }
    return {
        "version": 1,
        "about": "Synthetic leads. A column's latent value is the sum of its loadings times independent normal factors, plus noise to unit variance; "
                 "the marginal's inverse distribution makes it a value. Categories stand in the latent's order. Written by testdata/population/make.py.",
        "factors": ["lead", "profile", "sector", "place", "company", "scale"],
        "lists": LISTS, "columns": columns, "outcome": outcome,
    }


INTERCEPT = -1.72  # makes the outcome's share 0.28; pkg/sim tests it


def write(value, out, indent=0, width=150):
    """JSON with one column or list a paragraph and lines of at most width."""
    flat = json.dumps(value, ensure_ascii=False)
    pad = " " * indent
    if indent + len(flat) <= width or not isinstance(value, (dict, list)):
        out.write(flat)
        return
    if isinstance(value, list) and all(not isinstance(v, dict) for v in value):
        out.write("[")
        column = width
        for i, v in enumerate(value):
            item = json.dumps(v, ensure_ascii=False) + ("," if i + 1 < len(value) else "")
            if column + len(item) + 1 > width:
                out.write("\n" + pad + " ")
                column = indent + 1
            else:
                out.write(" ")
                column += 1
            out.write(item)
            column += len(item)
        out.write("\n" + pad + "]")
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    out.write(opening)
    items = value.items() if isinstance(value, dict) else ((None, v) for v in value)
    for i, (key, v) in enumerate(items):
        out.write(("," if i else "") + "\n" + pad + " ")
        if key is not None:
            out.write(json.dumps(key, ensure_ascii=False) + ": ")
        write(v, out, indent + 1, width)
    out.write("\n" + pad + closing)


if __name__ == "__main__":
    write(population(), sys.stdout)
    sys.stdout.write("\n")
