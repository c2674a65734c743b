# kserve: payload events of KServe's inference logger, each request joined with its response
# kind: predictions
# is: type == "object" and ((.type // "") | type == "string" and (startswith("org.kubeflow.serving.inference.") or startswith("io.kserve.inference.")))
#
# Request and response are two CloudEvents of one id: join them first, as
# docs/recipes.md shows. Then a record has id, time, request and response, and may have
# inferenceservicename. The protocols V1 (instances) and V2 (inputs) are read; each row
# becomes a record.
include "payload";

if has("request") and has("response") | not then error("request and response are two events: join them as in docs/recipes.md") else
  {timestamp: (.time | moment), model_version: .model_version}
  + pairs(.id; .request | rows; .response | outcomes)
  | compact
end
