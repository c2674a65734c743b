# envoy: access logs of Envoy and Istio, in the default text format or in JSON of its command operators
# kind: requests
# is: if type == "string" then test("^\\[\\d{4}-\\d\\d-\\d\\dT[^\\]]+\\] \"") else type == "object" and has("start_time") and has("response_code") and has("duration") end
#
# Envoy counts milliseconds: duration is read as it is. JSON has the names of Istio's
# and Envoy's own examples: start_time, method, path, response_code, duration.

def number: if type == "string" then (tonumber? // null) else . end;

if type == "string" then
  # Before the bytes and the duration Istio has details of the response.
  (capture("^\\[(?<timestamp>[^\\]]+)\\] \"(?<method>\\S+) (?<endpoint>\\S+) [^\"]*\" (?<status>\\d+) \\S+ (?:\\S+ \\S+ (?:\"[^\"]*\"|-) )?(?:\\d+|-) (?:\\d+|-) (?<duration>\\d+|-) ")
    // error("no line of Envoy's default format"))
  | {timestamp, method, endpoint, status_code: (.status | tonumber), response_ms: (.duration | number)}
else
  {timestamp: .start_time, method, endpoint: (.path // .["x-envoy-original-path"]), status_code: (.response_code | number), response_ms: (.duration | number)}
end
| with_entries(select(.value != null and .value != "-"))
