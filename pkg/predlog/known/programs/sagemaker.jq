# sagemaker: Data Capture of Amazon SageMaker endpoints, of CSV and of JSON
# kind: predictions
# is: type == "object" and has("captureData") and has("eventMetadata")
#
# A captured request becomes a record for each of its rows. CSV has no names: its
# fields are called f0, f1 and so on; `jq: .input |= {age: .f0, country: .f1}` names
# them. The moment is that of inferenceTime.
include "payload";

# A cell of CSV as what it holds.
def cell:
  if . == "" then null
  elif test("^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$") then tonumber
  elif startswith("\"") then .[1:-1] | gsub("\"\""; "\"")
  else . end;

# The lines of CSV, each a list.
def csv:
  split("\n")[] | rtrimstr("\r") | select(. != "")
  | if contains("\"") then [match("(?:^|,)(\"(?:[^\"]|\"\")*\"|[^,\"]*)"; "g") | .captures[0].string] else split(",") end
  | map(cell);

def text: if .encoding == "BASE64" then .data | @base64d else .data end;
def is_csv: .encoding == "CSV" or (.encoding == "BASE64" and ((.observedContentType // "") | test("csv")));

# JSON, or lines of it.
def values: text | (fromjson? // [splits("\n") | select(. != "") | fromjson]);

.captureData as {endpointInput: $in, endpointOutput: $out}
| [$in | if is_csv then text | csv | row else values | rows end] as $rows
| {timestamp: .eventMetadata.inferenceTime}
  + pairs(.eventMetadata.inferenceId // .eventMetadata.eventId;
      $rows[];
      $out
      | if is_csv then
          [text | csv]
          # Several rows may have been answered on one line.
          | if length == 1 and ($rows | length) > 1 and (.[0] | length) == ($rows | length) then .[0][] else .[] end
          | outcome
        else values | outcomes end)
| compact
