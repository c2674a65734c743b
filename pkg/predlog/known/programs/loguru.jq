# loguru: records of loguru's sinks with serialize=True
# kind: predictions
# is: type == "object" and (.record | type == "object" and has("extra") and has("message"))
#
# A prediction is a record that was bound with score, probability, proba, prediction or
# label (logger.bind or contextualize); other records are left out. The input is under
# input or features, else it is the keys that are left.
include "payload";

.record | .time.timestamp as $at | .extra | logged(.timestamp // $at; ["timestamp"])
