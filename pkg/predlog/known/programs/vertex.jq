# vertex: request-response logging of Vertex AI online prediction in BigQuery, exported as JSON lines
# kind: predictions
# is: type == "object" and ((has("request_payload") and has("response_payload")) or (has("raw_data") and has("raw_prediction")))
#
# request_payload and response_payload hold JSON as text, one or several; each instance
# becomes a record with its prediction. The older AI Platform's raw_data and
# raw_prediction are read, too.
include "payload";

def each: if type == "array" then .[] else . end;

{timestamp: ((.logging_time // .time) | moment), model_version: (.deployed_model_id // .model_version)}
+ pairs(.request_id; (.request_payload // .raw_data) | each | rows; (.response_payload // .raw_prediction) | each | outcomes)
| compact
