"""Trains models with scikit-learn, CatBoost, LightGBM and XGBoost, has each converted
to ONNX as its users do, and writes beside every onnx/NAME.onnx what ONNX Runtime says of
rows at, just below and just above what the model compares them with: onnx/NAME.csv.
Rows are checked against the library's own prediction first. Then it writes graphs of
trees by chance (onnx/modes_*.onnx): all modes of branches, aggregates, transforms,
ways of missing values, float and double; and forms in which ONNX Runtime has rules of
its own (onnx/rule_*.onnx).

    pip install -r requirements-onnx-models.txt
    python onnx_models.py

    python onnx_models.py DIR

writes the trained ones alone into DIR, with all 400 rows each and the library's own predictions in
place of ONNX Runtime's.
"""
import csv, math, os, sys, warnings
warnings.filterwarnings("ignore")
import numpy as np
import onnx, onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

OUT = sys.argv[1] if len(sys.argv) > 1 else "onnx"
ROWS = 400 if len(sys.argv) > 1 else 80
os.makedirs(OUT, exist_ok=True)


def options():
    o = ort.SessionOptions()
    o.intra_op_num_threads, o.log_severity_level = 1, 4
    return o


def scores(graph, rows):
    """The output of numbers: the second of two classes, all of more, the value of others."""
    s = ort.InferenceSession(graph.SerializeToString(), options())
    names = [o.name for o in s.get_outputs()]
    found = s.run(None, {s.get_inputs()[0].name: rows})
    for name, value in zip(names, found):
        if isinstance(value, list):  # of maps
            value = np.array([list(m.values()) for m in value])
        if value.dtype.kind == "f":
            value = value.reshape(len(rows), -1)
            return value[:, 1:] if value.shape[1] == 2 and len(names) > 1 else value
    raise ValueError(names)


def write(name, graph, rows, to=None):
    onnx.save(graph, f"{OUT}/{name}.onnx")
    found = scores(graph, rows)
    if to is not None:
        to = np.asarray(to, dtype=float).reshape(len(rows), -1)
        to = to[:, 1:] if to.shape[1] == 2 and found.shape[1] == 1 else to
        off = np.abs(found - to) / np.maximum(1, np.abs(to))
        print(f"{name:24s} {os.path.getsize(f'{OUT}/{name}.onnx'):7d} bytes, {len(rows)} rows, largest difference from the library {off.max():.2g}")
        assert off.max() < 2e-5, name
        if OUT != "onnx":
            found = to
    with open(f"{OUT}/{name}.csv", "w", newline="") as f:
        c = csv.writer(f, lineterminator="\n")
        c.writerow([f"x{j}" for j in range(rows.shape[1])] + [f"score{j}" for j in range(found.shape[1])])
        for x, y in zip(rows, found):
            c.writerow(["" if math.isnan(v) else repr(float(v)) for v in x] + [repr(float(v)) for v in y])


def rows_at(graph, rows, rng):
    """Some of the rows, with a third of their values put at a threshold of the trees, or beside one."""
    thresholds = {}
    for node in graph.graph.node:
        a = {x.name: x for x in node.attribute}
        if "nodes_values" in a:
            for f, v, m in zip(a["nodes_featureids"].ints, a["nodes_values"].floats, a["nodes_modes"].strings):
                if m != b"LEAF":
                    thresholds.setdefault(f, []).append(np.float32(v))
    rows = rows[:ROWS].copy()
    plain = len({n.op_type for n in graph.graph.node} & {"Scaler", "Normalizer", "Imputer"}) == 0
    for row in rows if plain else []:
        for f, values in thresholds.items():
            if rng.random() < 1 / 3:
                t = rng.choice(values)
                row[f] = [t, np.nextafter(t, np.float32(-np.inf)), np.nextafter(t, np.float32(np.inf))][rng.integers(3)]
    return rows


def trained():
    from catboost import CatBoostClassifier, CatBoostRegressor
    import lightgbm, onnxmltools, xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType
    from skl2onnx import to_onnx
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import ColumnTransformer
    from sklearn.datasets import make_classification, make_regression
    from sklearn.ensemble import (ExtraTreesClassifier, GradientBoostingClassifier, GradientBoostingRegressor, IsolationForest,
                                  RandomForestClassifier, RandomForestRegressor)
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, SGDClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, Normalizer, RobustScaler, StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(1)
    two, three, value = ([a.astype(np.float32) if a.dtype.kind == "f" else a for a in d] for d in (
        make_classification(400, 6, n_informative=4, random_state=1), make_classification(400, 6, n_informative=4, n_classes=3, random_state=1),
        make_regression(400, 6, noise=5, random_state=1)))
    gone = two[0].copy()
    gone[rng.random(gone.shape) < .1] = np.nan

    def sk(name, model, data, zipmap=None, rows=None, opset=None, double=False):
        if double:
            data = (data[0].astype(np.float64), *data[1:])
        model.fit(*data)
        graph = to_onnx(model, data[0][:1], options=None if zipmap is None else {id(model): {"zipmap": zipmap}}, target_opset=opset)
        rows = data[0][:ROWS] if double else rows_at(graph, data[0], rng) if rows is None else rows
        if hasattr(model, "predict_proba"):
            to = model.predict_proba(rows)
        elif hasattr(model, "decision_function"):
            to = model.decision_function(rows)
            to = to[:, None] if to.ndim == 1 else to
        else:
            to = model.predict(rows)
        write(name, graph, rows, to)

    sk("forest", RandomForestClassifier(12, max_depth=4, random_state=1), two, True)
    sk("forest_tensor", RandomForestClassifier(12, max_depth=4, random_state=1), two, False)
    sk("forest_three", RandomForestClassifier(8, max_depth=3, random_state=1), three, True)
    sk("forest_value", RandomForestRegressor(8, max_depth=4, random_state=1), value)
    sk("extra", ExtraTreesClassifier(8, max_depth=4, random_state=1), two, False)
    sk("tree", DecisionTreeClassifier(max_depth=4, random_state=1), two, True)
    sk("boosted", GradientBoostingClassifier(n_estimators=12, max_depth=3, random_state=1), two, True)
    sk("boosted_three", GradientBoostingClassifier(n_estimators=6, max_depth=2, random_state=1), three, False)
    sk("boosted_value", GradientBoostingRegressor(n_estimators=12, max_depth=3, random_state=1), value)
    sk("logistic", LogisticRegression(), two, True)
    sk("logistic_tensor", LogisticRegression(), two, False)
    sk("logistic_three", LogisticRegression(), three, True)
    sk("linear_value", LinearRegression(), value)
    sk("sgd", SGDClassifier(loss="log_loss", random_state=1), two, False)
    sk("poisson", PoissonRegressor(), (value[0], np.abs(value[1])))
    sk("imputed", make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()), (gone, two[1]), True)
    sk("min_max", make_pipeline(MinMaxScaler(), LogisticRegression()), two, True)
    sk("normalized", make_pipeline(RobustScaler(), Normalizer("l2"), LogisticRegression()), two, False)
    sk("normalized_l1", make_pipeline(Normalizer("l1"), LogisticRegression()), two, False)
    sk("columns", make_pipeline(ColumnTransformer([("a", StandardScaler(), [0, 1, 2]), ("b", "passthrough", [3, 5])]), LogisticRegression()), two, False)
    sk("scaled_forest", make_pipeline(StandardScaler(), RandomForestClassifier(8, max_depth=4, random_state=1)), two, False)
    sk("calibrated", CalibratedClassifierCV(LogisticRegression(), cv=2), two, False)
    sk("network", MLPClassifier((5, 4), max_iter=60, random_state=1), two, False)
    sk("vectors", SVC(probability=True, random_state=1), two, False)  # SVMClassifier: ONNX Runtime alone
    sk("double_logistic", LogisticRegression(), two, False, double=True)
    sk("double_scaled", make_pipeline(StandardScaler(), LogisticRegression()), two, False, double=True)
    sk("double_value", LinearRegression(), value, double=True)
    sk("double_forest", RandomForestClassifier(8, max_depth=4, random_state=1), two, False, double=True)
    sk("double_normalized", make_pipeline(Normalizer(), LogisticRegression()), two, False, double=True)  # Sqrt: ONNX Runtime alone
    sk("isolation", IsolationForest(n_estimators=5, max_samples=40, random_state=1), (two[0],), opset={"": 15, "ai.onnx.ml": 3})

    for name, model, data in (
        ("catboost", CatBoostClassifier(iterations=12, depth=3, verbose=0, allow_writing_files=False, thread_count=1, random_seed=1), two),
        ("catboost_three", CatBoostClassifier(iterations=6, depth=2, verbose=0, allow_writing_files=False, thread_count=1, random_seed=1), three),
        ("catboost_value", CatBoostRegressor(iterations=12, depth=3, verbose=0, allow_writing_files=False, thread_count=1, random_seed=1), value),
    ):
        model.fit(*data)
        model.save_model(f"{OUT}/{name}.onnx", format="onnx")
        graph = onnx.load(f"{OUT}/{name}.onnx")
        rows = rows_at(graph, data[0], rng)
        write(name, graph, rows, model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows))

    for name, model, data, convert in (
        ("lightgbm", lightgbm.LGBMClassifier(n_estimators=8, num_leaves=7, verbose=-1, random_state=1), two, onnxmltools.convert_lightgbm),
        ("lightgbm_three", lightgbm.LGBMClassifier(n_estimators=4, num_leaves=5, verbose=-1, random_state=1), three, onnxmltools.convert_lightgbm),
        ("lightgbm_value", lightgbm.LGBMRegressor(n_estimators=8, num_leaves=7, verbose=-1, random_state=1), value, onnxmltools.convert_lightgbm),
        ("xgboost", xgboost.XGBClassifier(n_estimators=8, max_depth=3, random_state=1), (gone, two[1]), onnxmltools.convert_xgboost),
        ("xgboost_three", xgboost.XGBClassifier(n_estimators=4, max_depth=2, random_state=1), three, onnxmltools.convert_xgboost),
        ("xgboost_value", xgboost.XGBRegressor(n_estimators=8, max_depth=3, random_state=1), value, onnxmltools.convert_xgboost),
    ):
        model.fit(*data)
        graph = convert(model, initial_types=[("input", FloatTensorType([None, 6]))], target_opset=15)
        # LightGBM compares in float64, its ONNX in float32: rows beside thresholds part.
        rows = data[0][:ROWS] if name.startswith("lightgbm") else rows_at(graph, data[0], rng)
        write(name, graph, rows, model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows))


def sums():
    """Linear models of what single columns are made into, and what each column adds by scikit-learn's own
    coefficients, w (z - mean of z) summed over the z that are made of the column: linear/NAME.csv."""
    import scipy.special
    from skl2onnx import to_onnx
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Binarizer, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

    os.makedirs("linear", exist_ok=True)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, 6)).astype(np.float32)
    x[:, 3], x[:, 4] = rng.integers(0, 4, 400), 10 * rng.integers(0, 3, 400)
    z = 1.3 * x[:, 0] - x[:, 1] + 1.5 * (x[:, 3] == 2) - (x[:, 4] == 10) + .3
    yes, value = rng.random(400) < scipy.special.expit(z), z + rng.normal(size=400)
    rows = x[:ROWS].copy()
    rows[3, 3], rows[4, 4] = 9, 15  # of no category

    def added(name, made, origins, coefficients, intercept):
        phi = np.zeros((len(rows), 7))
        np.add.at(phi.T, origins, (coefficients * (made - made.mean(0))).T)
        phi[:, 6] = intercept + coefficients @ made.mean(0)
        with open(f"linear/{name}.csv", "w", newline="") as f:
            c = csv.writer(f, lineterminator="\n")
            c.writerow([f"phi{j}" for j in range(6)] + ["base"])
            c.writerows([[repr(float(v)) for v in row] for row in phi])

    def sk(name, before, last, origins, y, by=None):
        model = make_pipeline(before, last).fit(x, y)
        two = hasattr(last, "predict_proba")
        graph = to_onnx(model, x[:1], options={"zipmap": False} if two else None)
        write("sum_" + name, graph, rows, model.predict_proba(rows) if two else model.predict(rows))
        made, w = before.transform(rows.astype(float)), last.coef_.ravel()
        if by is not None:  # columns that are sums of scaled ones
            made, w = by(rows), before[-1].components_.T @ w
        added("sum_" + name, made, origins, w, float(np.ravel(last.intercept_)[0]) - (0 if by is None else float(before[-1].mean_ @ w)))

    codes = lambda **how: OneHotEncoder(sparse_output=False, **how)
    scaled = ("scaled", StandardScaler(), [0, 1])
    known = ColumnTransformer([scaled, ("codes", codes(handle_unknown="ignore"), [3, 4])], remainder="passthrough")
    sk("codes", known, LogisticRegression(), [0, 1, 3, 3, 3, 3, 4, 4, 4, 2, 5], yes)
    sk("codes_value", known, Ridge(), [0, 1, 3, 3, 3, 3, 4, 4, 4, 2, 5], value)
    filled = make_pipeline(SimpleImputer(strategy="median"), MinMaxScaler())
    sk("pieces", ColumnTransformer([("filled", filled, [2, 0]), ("scaled", RobustScaler(), [1]), ("above", Binarizer(threshold=.2), [5])]), LogisticRegression(), [2, 0, 1, 5], yes)
    sk("sgd", StandardScaler(), SGDClassifier(loss="log_loss", random_state=1), range(6), yes)
    sk("components", make_pipeline(StandardScaler(), PCA(3)), LogisticRegression(), range(6), yes, lambda r: (r - x.mean(0)) / x.std(0))
    # Columns and sums of columns side by side are scored, not explained.
    beside = make_pipeline(ColumnTransformer([("scaled", StandardScaler(), [0, 1]), ("parts", PCA(2), [2, 3, 4, 5])]), LogisticRegression()).fit(x, yes)
    write("sum_beside", to_onnx(beside, x[:1], options={"zipmap": False}), rows, beside.predict_proba(rows))
    rows[3, 3], rows[4, 4] = 1, 10
    sk("codes_but_first", ColumnTransformer([scaled, ("codes", codes(drop="first"), [3, 4])]), LogisticRegression(), [0, 1, 3, 3, 3, 4, 4], yes)

    w, bias = np.array([.5, -1, 0, 2, .25, 1], dtype=np.float32), np.array([.3], dtype=np.float32)
    X, Y = helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 6]), helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None, 1])

    def hand(name, nodes, **constants):
        graph = helper.make_graph(nodes, "g", [X], [Y], [numpy_helper.from_array(v, k) for k, v in constants.items()])
        write("sum_" + name, helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8), rows)
        added("sum_" + name, rows.astype(float), range(6), w.astype(float), float(bias[0]))

    hand("product", [helper.make_node("MatMul", ["X", "W"], ["m"]), helper.make_node("Add", ["m", "B"], ["b"]), helper.make_node("Sigmoid", ["b"], ["Y"])], W=w[:, None], B=bias)
    hand("gemm", [helper.make_node("Gemm", ["X", "W", "B"], ["m"], transB=1), helper.make_node("Sigmoid", ["m"], ["Y"])], W=w[None], B=bias)
    hand("softmax", [helper.make_node("Gemm", ["X", "W", "B"], ["m"], alpha=.5, beta=2.), helper.make_node("Softmax", ["m"], ["p"], axis=1),
                     helper.make_node("Gather", ["p", "second"], ["Y"], axis=1)], W=np.stack([-w, w], 1), B=np.array([0, .15], dtype=np.float32), second=np.array([1]))


def by_chance(number, rng):
    """A graph of one ensemble of trees, in whatever mode."""
    double, classifier = rng.random() < .25, rng.random() < .6
    outputs = int(rng.choice([2, 2, 2, 3, 4] if classifier else [1, 1, 2, 3]))
    prefix = "class" if classifier else "target"
    a = {"nodes_" + k: [] for k in "treeids nodeids featureids values modes truenodeids falsenodeids missing_value_tracks_true".split()}
    w = {prefix + k: [] for k in ("_ids", "_treeids", "_nodeids", "_weights")}
    lt, le, ge, gt, eq, ne = ("BRANCH_" + m for m in ("LT", "LEQ", "GTE", "GT", "EQ", "NEQ"))
    modes = [[le], [lt], [ge], [gt], [eq, le], [ne, lt], [le, lt, ge, gt, eq, ne]][number % 7]
    first = classifier and outputs == 2 and rng.random() < .4  # one score for two classes
    positive, tracks = rng.random() < .5, rng.random() < .6

    def grow(t, last, depth):
        me, at = last[0], len(a["nodes_nodeids"])
        last[0] += 1
        leaf = depth >= 3 or depth > 0 and rng.random() < .3
        for k, v in (("treeids", t), ("nodeids", me), ("featureids", 0 if leaf else int(rng.integers(3))),
                     ("values", 0. if leaf else float(np.float32(rng.choice([-2, -1, 0, .5, 1, 2, 3.25])))), ("modes", "LEAF" if leaf else str(rng.choice(modes))),
                     ("truenodeids", 0), ("falsenodeids", 0), ("missing_value_tracks_true", int(tracks and rng.random() < .5))):
            a["nodes_" + k].append(v)
        if leaf:
            for c in [0] if first else range(outputs):
                v = float(np.float32(rng.normal() * 2))
                for k, x in (("_ids", c), ("_treeids", t), ("_nodeids", me), ("_weights", abs(v) if positive else v)):
                    w[prefix + k].append(x)
        else:
            a["nodes_truenodeids"][at] = grow(t, last, depth + 1)
            a["nodes_falsenodeids"][at] = grow(t, last, depth + 1)
        return me

    for t in range(int(rng.integers(1, 12))):
        grow(t, [0], 0)
    at = {**a, **w, "post_transform": ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"][(0 if first else number) % 4 if not first else number % 2]}
    base = outputs if rng.random() < .5 else 0
    if first:
        base = int(rng.random() < .5)
    if base:
        at["base_values"] = [float(np.float32(x)) for x in rng.normal(size=base)]
    if classifier:
        at["classlabels_int64s"] = list(range(outputs))
    else:
        at["n_targets"], at["aggregate_function"] = outputs, ["SUM", "AVERAGE", "MIN", "MAX"][number // 2 % 4]
    if double and rng.random() < .7:
        for k in ("nodes_values", prefix + "_weights", "base_values"):
            if k in at:
                at[k + "_as_tensor"] = numpy_helper.from_array(np.array(at.pop(k), dtype=np.float64) + (0 if k == "nodes_values" else 1e-12))
    kind = "TreeEnsembleClassifier" if classifier else "TreeEnsembleRegressor"
    node = helper.make_node(kind, ["X"], (["label"] if classifier else []) + ["scores"], domain="ai.onnx.ml", name="trees", **at)
    labels = [helper.make_tensor_value_info("label", TensorProto.INT64, [None])] if classifier else []
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("X", TensorProto.DOUBLE if double else TensorProto.FLOAT, [None, 3])],
                              labels + [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, outputs])])
    graph = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
    rows = rng.choice([-2, -1, 0, .5, 1, 2, 3.25, np.nan, 1.5, -.3, 7, np.inf, -np.inf, 0.49999997], size=(40, 3))
    write(f"modes_{number:02d}", graph, rows.astype(np.float64 if double else np.float32))


def rules():
    """One score of several: no transform. The first of two classes: by the weights. Values that are not there."""
    info = helper.make_tensor_value_info
    rng = np.random.default_rng(1)
    rows = np.vstack([rng.normal(size=(36, 3)), [[np.nan, 1, -2], [3, np.nan, -1], [-1, -2, np.nan], [np.nan] * 3]]).astype(np.float32)

    def save(name, nodes, outputs, constants=()):
        graph = helper.make_graph(nodes, "g", [info("X", TensorProto.FLOAT, [None, 3])], [info("scores", TensorProto.FLOAT, [None, outputs])], list(constants))
        write("rule_" + name, helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8), rows)

    def trees(classes, ids, weights, transform):
        return helper.make_node("TreeEnsembleClassifier", ["X"], ["label", "scores"], domain="ai.onnx.ml", classlabels_int64s=list(range(classes)), post_transform=transform,
                                nodes_treeids=[0, 0, 0], nodes_nodeids=[0, 1, 2], nodes_featureids=[1, 0, 0], nodes_values=[.25, 0., 0.], nodes_modes=["BRANCH_LT", "LEAF", "LEAF"],
                                nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0], class_treeids=[0, 0], class_nodeids=[1, 2], class_ids=ids, class_weights=weights)

    line = dict(domain="ai.onnx.ml", coefficients=[1., -2., .5], intercepts=[.25])
    for transform in ("LOGISTIC", "SOFTMAX"):
        save("one_class_" + transform.lower(), [trees(1, [0, 0], [.75, -.5], transform)], 1)
        save("one_target_" + transform.lower(), [helper.make_node("LinearRegressor", ["X"], ["scores"], post_transform=transform, **line)], 1)
    save("first_of_two", [trees(2, [0, 0], [.75, -.5], "NONE")], 2)
    save("first_of_two_logistic", [trees(2, [0, 0], [.75, -.5], "LOGISTIC")], 2)
    save("largest", [helper.make_node("Normalizer", ["X"], ["scores"], domain="ai.onnx.ml", norm="MAX")], 3)
    by = numpy_helper.from_array(np.array([1, 2, 3], dtype=np.int64), "by")  # computed before: ONNX Runtime alone
    save("constant", [helper.make_node("Cast", ["by"], ["as_float"], to=TensorProto.FLOAT), helper.make_node("Mul", ["X", "as_float"], ["scores"])], 3, [by])


trained()
if OUT == "onnx":
    rules()
for number in range(42 if OUT == "onnx" else 0):
    by_chance(number, np.random.default_rng(number))


def refused():
    """Graphs that no row a sample goes into, or no score comes out of, and broken ones."""
    def save(name, nodes, inputs, outputs, constants=()):
        graph = helper.make_graph(nodes, "g", inputs, outputs, list(constants))
        graph = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
        with open(f"refused/{name}.onnx", "wb") as f:
            f.write(graph.SerializeToString())

    info = helper.make_tensor_value_info
    X, Y = info("X", TensorProto.FLOAT, [None, 3]), info("Y", TensorProto.FLOAT, [None, 1])
    line = helper.make_node("LinearRegressor", ["X"], ["Y"], "line", domain="ai.onnx.ml", coefficients=[1., 2., 3.], intercepts=[0.])
    save("two_inputs", [helper.make_node("Concat", ["X", "Z"], ["XZ"], axis=1), helper.make_node("LinearRegressor", ["XZ"], ["Y"], domain="ai.onnx.ml", coefficients=[1., 2.], intercepts=[0.])],
         [info("X", TensorProto.FLOAT, [None, 1]), info("Z", TensorProto.FLOAT, [None, 1])], [Y])
    save("texts", [line], [info("X", TensorProto.STRING, [None, 3])], [Y])
    save("no_width", [line], [info("X", TensorProto.FLOAT, [None, None])], [Y])
    save("batch", [line], [info("X", TensorProto.FLOAT, [32, 3])], [Y])
    save("label", [helper.make_node("ArgMax", ["X"], ["label"], axis=1)], [X], [info("label", TensorProto.INT64, [None, 1])])
    save("columns", [helper.make_node("Identity", ["X"], ["i0"]), helper.make_node("Identity", ["X"], ["i1"])], [X], [info(n, TensorProto.FLOAT, [None]) for n in ("i0", "i1")])
    save("short", [helper.make_node("LinearRegressor", ["X"], ["Y"], "line", domain="ai.onnx.ml", coefficients=[1., 2.], intercepts=[0.])], [X], [Y])
    by = TensorProto(name="by", data_type=TensorProto.FLOAT, dims=[3, 1], data_location=TensorProto.EXTERNAL)
    save("external", [helper.make_node("MatMul", ["X", "by"], ["Y"])], [X], [Y], [by])

    def trees(feature, yes):
        return helper.make_node("TreeEnsembleRegressor", ["X"], ["Y"], "trees", domain="ai.onnx.ml", n_targets=1, nodes_treeids=[0, 0, 0], nodes_nodeids=[0, 1, 2],
                                nodes_featureids=[feature, 0, 0], nodes_values=[.5, 0., 0.], nodes_modes=["BRANCH_LT", "LEAF", "LEAF"], nodes_truenodeids=[yes, 0, 0],
                                nodes_falsenodeids=[1, 0, 0], target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 0], target_weights=[1., 2.])

    save("feature", [trees(3, 2)], [X], [Y])
    save("circle", [trees(0, 1)], [X], [Y])


if OUT == "onnx":
    sums()
    refused()
