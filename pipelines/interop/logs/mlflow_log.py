"""Logs the requests and responses of MLflow's scoring server, asked in each of the
forms that it takes: mlflow_log.py FILE."""

import json
import sys
import tempfile
import time
from datetime import datetime, timezone

import mlflow
import pandas as pd
from fastapi.testclient import TestClient
from mlflow.pyfunc import scoring_server
from starlette.responses import Response

from rows import ROWS


class Model(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        scores = {features["age"]: score for features, score in ROWS}
        return [scores[age] for age in pd.DataFrame(model_input)["age"]]


path = tempfile.mkdtemp() + "/model"
mlflow.pyfunc.save_model(path, python_model=Model(), pip_requirements=[])
app = scoring_server.init(mlflow.pyfunc.load_model(path))
out = open(sys.argv[1], "w")


@app.middleware("http")
async def log(request, call_next):
    body, start = await request.body(), time.perf_counter()
    response = await call_next(request)
    answer = b"".join([part async for part in response.body_iterator])
    record = {
        "timestamp": datetime.now(timezone.utc).isoformat(),
        "request_id": f"r{out.tell()}",
        "status_code": response.status_code,
        "execution_time_ms": round(1000 * (time.perf_counter() - start), 3),
        "request": body.decode(),
        "response": answer.decode(),
    }
    print(json.dumps(record), file=out)
    return Response(answer, response.status_code, media_type=response.media_type)


client = TestClient(app)
frame = pd.DataFrame([features for features, _ in ROWS])
bodies = [
    {"dataframe_split": json.loads(frame[:1].to_json(orient="split", index=False))},
    {"dataframe_records": json.loads(frame[1:2].to_json(orient="records"))},
    {"inputs": frame[2:3].to_dict("list")},
    {"dataframe_records": json.loads(frame[3:].to_json(orient="records"))},
    {"nonsense": []},
]
for body in bodies:
    client.post("/invocations", json=body)
client.get("/health")
