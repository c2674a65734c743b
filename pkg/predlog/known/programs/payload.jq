# What the programs of this directory share: payloads of scoring servers as rows and
# outcomes, moments, and log records of applications. They are jq as any other:
#
#   jq -c -L . -f mlflow.jq log.jsonl

# The value that a text holds, or what it is.
def parsed: if type == "string" then (fromjson? // .) else . end;

# A moment as RFC 3339: of seconds, milliseconds, microseconds or nanoseconds since
# 1970, which their size tells apart; text as it is, and as BigQuery writes it.
def moment:
  if type == "number" then
    (if . >= 1e17 then . / 1000 elif . >= 1e14 then . elif . >= 1e11 then . * 1000 else . * 1000000 end | round)
    | (. / 1000000 | floor | todate[:-1]) + "." + ("00000\(. % 1000000)"[-6:]) + "Z"
  elif type == "string" and test("^\\d+$") then (if length > 17 then .[:-3] else . end | tonumber | moment)
  elif type == "string" and endswith(" UTC") then .[:-4] + "Z"
  else . end;

# An object without what is null.
def compact: with_entries(select(.value != null));

# A list as an object of these names.
def named($names): . as $list | reduce range($names | length) as $i ({}; .[$names[$i]] = $list[$i]);

# One row of input fields; those of a list are called f0, f1 and so on.
def row:
  if type == "array" then named([range(length) | "f\(.)"])
  elif type == "object" then if keys == ["features"] then .features | row else . end
  else {f0: .} end;

# The rows of tensors of the V2 protocol: {name, shape, data}.
def tensors:
  (.[0] | .shape[0] // (.data | length)) as $n
  | map(.data |= flatten) as $all
  | range($n) as $i
  | reduce $all[] as $t ({};
      ($t.data | length / $n) as $width
      | if $width == 1 then .[$t.name] = $t.data[$i]
        else reduce range($width) as $j (.;
          .[if ($all | length) == 1 then "f\($j)" else "\($t.name)_\($j)" end] = $t.data[$i * $width + $j])
        end);

# The rows of Seldon's data: {names, ndarray} or {names, tensor: {shape, values}}.
def seldon:
  .names as $names
  | (if .tensor then .tensor.shape[-1] as $width | .tensor.values | [range(0; length; $width) as $i | .[$i:$i + $width]] else .ndarray end)[]
  | if type == "array" and ($names // [] | length) == length then named($names) else row end;

# The rows of a request, of any form that scoring servers take.
def rows:
  parsed
  | if type == "array" then .[] | row
    elif type != "object" then row
    elif .dataframe_split then .dataframe_split | .columns as $c | .data[] | if $c then named($c) else row end
    elif .dataframe_records then .dataframe_records[] | row
    elif .instances then .instances[] | row
    elif .data | type == "object" and (has("ndarray") or has("tensor")) then .data | seldon
    elif .inputs | type == "array" and (.[0] | type == "object" and has("data")) then .inputs | tensors
    elif .inputs | type == "array" then .inputs[] | row
    elif .inputs | type == "object" then .inputs as $c | range($c | first(.[]) | length) as $i | $c | map_values(.[$i])
    else row end;

# The value of the first of these keys that has one of that type, else null.
def pick($keys; $of): . as $o | [$keys[] | $o[.] | select(type == $of)][0];

# What a model answered for one row: a number is the score, a word the label, of two
# probabilities the second is the score, of more the greatest gives the label.
def outcome:
  if type == "number" then {score: .}
  elif type == "string" or type == "boolean" then {label: tostring}
  elif type == "array" then
    if length == 1 then .[0] | outcome
    elif all(.[]; type == "number") and length == 2 then {score: .[1]}
    elif all(.[]; type == "number") then {label: (index(max) | tostring)}
    else error("the answer to a row is neither a number, a word nor probabilities") end
  elif type == "object" and (.classes and .scores) then
    {score: (if (.scores | length) == 2 then .scores[1] else null end), label: ((.scores | index(max)) as $i | .classes[$i] | tostring)} | compact
  elif type == "object" then
    {score: pick(["score", "probability", "proba", "prediction", "value", "predicted_value"]; "number"),
     label: ((.label // .predicted_label // .class // .predicted_class // pick(["prediction"]; "string")) | if . == null then . else tostring end)}
    | compact
  else error("the answer to a row is neither a number, a word nor probabilities") end;

# What a model answered, row by row.
def outcomes:
  parsed
  | if type == "array" then .[] | outcome
    elif type != "object" then outcome
    elif .predictions | type == "array" then .predictions[] | outcome
    elif has("predictions") then .predictions | outcome
    elif .data | type == "object" and (has("ndarray") or has("tensor")) then .data | del(.names) | seldon | [.[]] | outcome
    elif .outputs | type == "array" and length == 1 then .outputs | tensors | [.[]] | outcome
    elif .outputs | type == "array" then .outputs | tensors | outcome
    else outcome end;

# Records of the rows of a request and their outcomes; id is that of the request.
def pairs($id; rows; outcomes):
  [rows] as $in | [outcomes] as $out
  | if ($in | length) != ($out | length) then error("request and response have not as many rows") else
      range($in | length) as $i
      | {id: (if $id == null then null elif ($in | length) == 1 then $id | tostring else "\($id):\($i)" end), input: $in[$i]}
        + $out[$i]
    end;

# The prediction that an application logged as an object with keys of its own; nothing
# for any other event. The input is under input or features, else it is all the keys
# that are neither the logger's nor named here.
def logged($at; $logger):
  pick(["score", "probability", "proba", "prediction"]; "number") as $score
  | (.label // .predicted_label // pick(["prediction"]; "string")) as $class
  | if $score == null and $class == null then empty else
      {timestamp: ($at | moment),
       id: (.id // .request_id),
       input: (.input // .features // del(.[$logger[]], .id, .request_id, .score, .probability, .proba, .prediction, .label, .predicted_label,
         .inference_ms, .latency_ms, .duration_ms, .model_version)),
       score: $score, label: $class,
       inference_ms: (.inference_ms // .latency_ms // .duration_ms),
       model_version: .model_version}
      | compact
    end;
