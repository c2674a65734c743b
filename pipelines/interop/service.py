"""A scoring service as people write them: FastAPI, pandas and a joblib. Without arguments it
trains the joblib that it serves, and writes requests and rows beside it."""
import json
import sys

import joblib
import pandas as pd

NAMES = ["visits", "budget", "age", "mails", "calls"]


def train():
    import numpy as np
    from xgboost import XGBClassifier
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"visits": rng.poisson(4, 3000), "budget": rng.lognormal(3, 1, 3000).round(2), "age": rng.normal(40, 12, 3000).round(1),
                         "mails": rng.poisson(2, 3000), "calls": rng.poisson(1, 3000)}, dtype=float)
    won = (rng.random(3000) < 1 / (1 + np.exp(2 - 0.4 * rows["visits"]))).astype(int)
    model = XGBClassifier(n_estimators=150, max_depth=4, n_jobs=1).fit(rows, won)
    joblib.dump(model, "model.joblib")
    model.get_booster().save_model("model.ubj")
    rows.to_csv("rows.csv", index=False)
    with open("bodies.jsonl", "w") as f:
        for row in rows.head(500).to_dict("records"):
            f.write(json.dumps(row) + "\n")


if __name__ == "__main__" and len(sys.argv) == 1:
    train()
elif __name__ == "__main__":
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    model = joblib.load("model.joblib")

    @app.get("/health")
    def health():
        return {"status": "ok"}

    @app.post("/predict")
    def predict(lead: dict):
        frame = pd.DataFrame([lead])[NAMES]
        return {"score": float(model.predict_proba(frame)[0, 1])}

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
