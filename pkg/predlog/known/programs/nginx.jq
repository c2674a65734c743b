# nginx: access logs of nginx, in the format combined or in JSON of its variables
# kind: requests
# is: if type == "string" then test("^\\S+ \\S+ \\S+ \\[\\d\\d/\\w{3}/\\d{4}:[^\\]]+\\] \"") else type == "object" and has("request_time") and has("status") end
#
# nginx counts seconds: request_time becomes milliseconds. combined has no time of
# its own; where $request_time stands behind it, bare or as rt=, it is read. JSON has
# nginx's own names (time_iso8601, time_local or msec, request_method, request_uri or
# uri or request, status, request_time).

# 01/Mar/2026:12:00:00 +0100 as RFC 3339.
def local:
  capture("^(?<d>\\d\\d)/(?<m>\\w{3})/(?<y>\\d{4}):(?<t>[\\d:]{8}) (?<h>[-+]\\d\\d)(?<q>\\d\\d)$")
  | ({Jan: "01", Feb: "02", Mar: "03", Apr: "04", May: "05", Jun: "06", Jul: "07", Aug: "08", Sep: "09", Oct: "10", Nov: "11", Dec: "12"}[.m]) as $m
  | "\(.y)-\($m)-\(.d)T\(.t)\(.h):\(.q)";

def number: if type == "string" then (tonumber? // null) else . end;

# Method and path of "GET /predict HTTP/1.1".
def request: (. // "" | capture("^(?<method>[A-Z]+) (?<endpoint>\\S+)")) // {};

if type == "string" then
  (capture("^\\S+ \\S+ \\S+ \\[(?<at>[^\\]]+)\\] \"(?<request>(?:[^\"\\\\]|\\\\.)*)\" (?<status>\\d{3}) (?:\\d+|-)(?: \"(?:[^\"\\\\]|\\\\.)*\" \"(?:[^\"\\\\]|\\\\.)*\")?(?<rest>.*)$")
    // error("no line of the format combined"))
  | (.rest | capture("(?:^| )(?:rt=|request_time=)?\"?(?<s>\\d+\\.\\d+)\"?(?: |$)") // {}) as $time
  | {timestamp: (.at | local), status_code: (.status | tonumber)}
    + (.request | request)
    + (if $time.s then {response_ms: ($time.s | tonumber * 1000)} else {} end)
else
  {timestamp: (.time_iso8601 // (.time_local | if . then local else null end) // (.msec | number | if . then todate else null end)
     // .time // .timestamp // .["@timestamp"]),
   status_code: (.status | number),
   response_ms: (.request_time | number | if . then . * 1000 else null end)}
  + (.request | request)
  + ({endpoint: (.request_uri // .uri // .path), method: (.request_method // .method)} | with_entries(select(.value != null)))
end
| with_entries(select(.value != null))
