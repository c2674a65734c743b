# mlflow: requests and responses of an MLflow scoring server (POST /invocations), logged as pairs
# kind: predictions
# is: type == "object" and has("request") and has("response") and (has("databricks_request_id") or has("type") | not) and (.request | if type == "string" then (fromjson? // {}) else . end | type == "object" and (has("dataframe_split") or has("dataframe_records") or has("instances") or has("inputs")))
#
# A record has request and response, as JSON or as text, and may have timestamp (RFC
# 3339 or an epoch), status_code, execution_time_ms, model_version and request_id. All
# forms of /invocations are read: dataframe_split, dataframe_records, instances,
# inputs. Each row of a request becomes a record with its prediction. What has no
# body or was not answered with 200 is left out.
include "payload";

select((.status_code // 200) == 200 and (.request // "") != "")
| {timestamp: ((.timestamp // .time // .timestamp_ms) | moment),
   inference_ms: (.execution_time_ms // .inference_ms // .latency_ms),
   model_version: .model_version}
  + pairs(.request_id; .request | rows; .response | outcomes)
| compact
