"""The 47 model columns of a raw lead, as features.json describes them.

fit() chooses the columns from training rows; apply() computes them. apply()
follows the rules that pkg/feature follows, op by op.
"""

import re

import numpy as np

RAW = [
    ("llm_quality", "number"), ("llm_seniority", "category"), ("llm_engagement", "number"),
    ("llm_decision_maker", "number"), ("llm_industry", "category"), ("llm_geography", "category"),
    ("llm_business_type", "category"), ("llm_company_fit", "number"), ("industry", "category"),
    ("companyindustry", "category"), ("companysize", "category"), ("companytype", "category"),
    ("languages", "category"), ("location", "category"), ("companylocation", "category"),
    ("companyfoundedon", "number"), ("summary", "text"), ("skills", "text"), ("jobtitle", "text"),
]
TARGET = "engaged"
THIS_YEAR = 2026  # ages count from it; fixed, so that a lead's age does not depend on the day
SMOOTHING = 20.0  # rows of the overall rate that every encoded category starts with

SENIORITY = ["Entry", "Mid", "Senior", "Executive"]
GEOGRAPHY = ["North America", "Europe", "Other"]
BUSINESS = ["B2B", "B2C", "B2B2C", "Nonprofit", "Government"]
SIZES = ["2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"]
ENCODED = ["llm_industry", "industry", "companyindustry", "companytype", "languages", "location", "companylocation"]
ROLES = {  # in RE2 and in Python's re alike
    "is_executive": r"\b(ceo|cfo|coo|cto|cmo|chief|president|vp|managing director|board)\b",
    "is_founder": r"\b(founder|co-founder|owner|partner)\b",
    "is_manager": r"\b(manager|head|director|lead)\b",
    "is_commercial": r"\b(sales|marketing|growth|business development|account)\b",
    "is_junior": r"\b(student|intern|trainee|assistant|junior)\b",
}


def read_number(text):
    return None if text in (None, "") else float(text)


def numbers(rows, name):
    return [row[name] for row in rows if row[name] is not None]


def encode(rows, target, name):
    """Smoothed share of the target by category, and for any other category."""
    overall = float(np.mean(target))
    count, hits = {}, {}
    for row, y in zip(rows, target):
        key = row[name] or "UNKNOWN"
        count[key] = count.get(key, 0) + 1
        hits[key] = hits.get(key, 0) + int(y)
    share = {k: (hits[k] + SMOOTHING * overall) / (count[k] + SMOOTHING) for k in sorted(count)}
    return {"missing": "UNKNOWN", "map": share, "default": overall}


def fit(rows, target):
    """The model columns for these training rows, in features.json's form."""
    columns = []

    def add(name, op, source, **rest):
        columns.append({"name": name, "op": op, "from": source, **rest})

    for name in ["llm_quality", "llm_engagement", "llm_decision_maker", "llm_company_fit"]:
        add(name, "number", name, missing=float(np.median(numbers(rows, name))))
    founded = float(np.median(numbers(rows, "companyfoundedon")))
    add("company_age", "number", "companyfoundedon", missing=founded, scale=-1.0, offset=float(THIS_YEAR))
    add("seniority_rank", "map", "llm_seniority", map={v: float(i) for i, v in enumerate(SENIORITY)}, default=1.0)
    for prefix, source, values in [
        ("seniority", "llm_seniority", SENIORITY),
        ("geography", "llm_geography", GEOGRAPHY),
        ("business", "llm_business_type", BUSINESS),
        ("size", "companysize", SIZES),
    ]:
        for value in values:
            add(f"{prefix}_{value}", "onehot", source, missing="UNKNOWN", value=value)
    # An unknown size ranks between those of small and of middling companies.
    add("size_rank", "map", "companysize", map={v: float(i) for i, v in enumerate(SIZES)}, default=2.5)
    for name in ENCODED:
        add(name + "_rate", "map", name, **encode(rows, target, name))
    add("has_summary", "present", "summary")
    add("has_company", "present", "companyindustry")
    add("has_company_location", "present", "companylocation")
    add("has_founding_year", "present", "companyfoundedon")
    add("summary_length", "length", "summary")
    add("jobtitle_length", "length", "jobtitle")
    add("skills_count", "count", "skills", separator=",")
    add("languages_count", "count", "languages", separator=",")
    for name, pattern in ROLES.items():
        add(name, "match", "jobtitle", pattern=pattern)
    return columns


def column(spec, rows):
    values = [row[spec["from"]] for row in rows]
    op = spec["op"]
    if op == "number":
        values = [spec.get("missing", float("nan")) if v is None else v for v in values]
        return [v * spec.get("scale", 1.0) + spec.get("offset", 0.0) for v in values]
    if op == "present":
        return [float(v not in (None, "")) for v in values]
    text = ["" if v is None else v for v in values]
    if op == "length":
        return [float(len(v)) for v in text]
    if op == "count":
        return [float(sum(part.strip() != "" for part in v.split(spec["separator"]))) for v in text]
    if op == "match":
        pattern = re.compile(spec["pattern"], re.IGNORECASE)
        return [float(pattern.search(v) is not None) for v in text]
    text = [v or spec.get("missing", "") for v in text]
    if op == "map":
        return [spec["map"].get(v, spec["default"]) for v in text]
    if op == "onehot":
        return [float(v == spec["value"]) for v in text]
    raise ValueError(f"no such op: {op}")


def apply(columns, rows):
    """The model's float32 matrix: float64 arithmetic, rounded once."""
    return np.array([column(spec, rows) for spec in columns], dtype=np.float64).T.astype(np.float32)


def folds(n, k, seed):
    """Fold number of each of n rows, sizes as equal as can be."""
    return np.random.default_rng(seed).permutation(np.arange(n) % k)


def training_matrix(rows, target, k, seed):
    """The columns fitted on all rows, and the matrix to train on.

    In the matrix a row's encodings come from the other folds' targets, so that
    training sees them as noisy as they will be for rows yet to come.
    """
    columns = fit(rows, target)
    x = apply(columns, rows)
    rates = [i for i, c in enumerate(columns) if c["name"].endswith("_rate")]
    fold = folds(len(rows), k, seed)
    for f in range(k):
        inside, outside = np.flatnonzero(fold == f), np.flatnonzero(fold != f)
        other = fit([rows[i] for i in outside], target[outside])
        part = apply([other[i] for i in rates], [rows[i] for i in inside])
        x[np.ix_(inside, rates)] = part
    return columns, x
