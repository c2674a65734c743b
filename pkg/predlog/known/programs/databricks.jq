# databricks: inference tables of Databricks Model Serving, with AI Gateway or the older ones
# kind: predictions
# is: type == "object" and has("databricks_request_id") and has("request") and has("response")
#
# request and response are JSON as text, in the forms of an MLflow scoring server. The
# moment is request_time or timestamp_ms, the latency execution_duration_ms or
# execution_time_ms, of the whole request; the version is that in request_metadata, or
# served_entity_id. Each row of a request becomes a record. What was not answered with
# 200 is left out.
include "payload";

select(.status_code == 200)
| (.request_metadata | parsed) as $meta
| {timestamp: ((.request_time // .timestamp_ms) | moment),
   inference_ms: (.execution_duration_ms // .execution_time_ms),
   model_version: ((if $meta | type == "object" then $meta.model_version else null end) // .served_entity_id)}
  + pairs(.client_request_id // .databricks_request_id; .request | rows; .response | outcomes)
| compact
