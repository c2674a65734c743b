# bentoml: data logs of bentoml.monitor (monitoring/NAME/data/*.log)
# kind: predictions
# is: type == "object" and has("request_id") and has("trace_id") and has("timestamp") and (has("request") | not)
#
# The log does not say which value is a feature and which the prediction: that stands in
# the schema beside it. The score is score, probability, proba, prediction or pred where
# it is a number, the label is label or predicted_label, or prediction where it is a
# word; everything else is input. The items of a sequence are called NAME_0, NAME_1.
# Timestamps are of the server's zone and do not name it: they are taken as UTC.
include "payload";

{timestamp, id: (if .request_id == "None" then null else .request_id end),
 score: pick(["score", "probability", "proba", "prediction", "pred"]; "number"),
 label: (.label // .predicted_label // pick(["prediction", "pred"]; "string")),
 input: (del(.timestamp, .request_id, .trace_id, .score, .probability, .proba, .prediction, .pred, .label, .predicted_label)
   | with_entries(if .value | type == "array" then .key as $k | .value | to_entries[] | {key: "\($k)_\(.key)", value} else . end))}
| compact
