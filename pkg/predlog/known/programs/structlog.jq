# structlog: events that structlog's JSONRenderer wrote
# kind: predictions
# is: type == "object" and has("event") and (.event | type == "string") and (has("level") or has("timestamp"))
#
# A prediction is an event with score, probability, proba, prediction or label; other
# events are left out. TimeStamper must be among the processors. The input is under
# input or features, else it is the keys that are left.
include "payload";

logged(.timestamp // .time // null; ["timestamp", "time", "event", "level", "logger", "logger_name", "filename", "func_name", "lineno", "pathname",
  "module", "process", "process_name", "thread", "thread_name", "exception", "stack"])
