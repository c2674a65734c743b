# otlp: log records of OpenTelemetry in OTLP JSON, as the Collector's and the SDKs' file exporters write them
# kind: predictions
# is: type == "object" and has("resourceLogs")
#
# A prediction is a log record whose attributes, or whose body, an object or the JSON of
# one, have score, probability, proba, prediction or label; other log records are left
# out. The input is under input or features or in attributes input.NAME, else it is the
# attributes that are left.
include "payload";

# A value of OTLP as JSON.
def plain:
  if has("intValue") then .intValue | tonumber
  elif has("arrayValue") then [.arrayValue.values[]? | plain]
  elif has("kvlistValue") then [.kvlistValue.values[]? | {key, value: (.value | plain)}] | from_entries
  else [.stringValue, .doubleValue, .boolValue, .bytesValue | select(. != null)][0] end;

# input.age as age in input.
def nest:
  reduce to_entries[] as $e ({};
    if $e.key | startswith("input.") then .input[$e.key[6:]] = $e.value else .[$e.key] = $e.value end);

.resourceLogs[].scopeLogs[]?.logRecords[]?
| (.timeUnixNano // .observedTimeUnixNano | if . == "0" then null else . end) as $at
| ([.attributes[]? | {key, value: ((.value // {}) | plain)}] | from_entries) as $attributes
| ((.body // {} | plain | parsed) | if type == "object" then . else {} end) + $attributes
| nest
| with_entries(select(.key | startswith("code.") | not))
| logged(.timestamp // $at // null; ["timestamp"])
