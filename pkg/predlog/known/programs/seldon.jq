# seldon: documents of Seldon Core's request logger, with request and response
# kind: predictions
# is: type == "object" and ((._source // .) | (.request | type == "object" and has("payload")) and (.response | type == "object" and has("payload")))
#
# A document as the request logger hands it to Elasticsearch, bare or as a hit of a
# search with its _source. Payloads of Seldon's own protocol (data with ndarray or
# tensor and names), of V1 and of V2 are read; each row becomes a record.
include "payload";

(._id // .RequestId // .request_id) as $id
| (._source // .)
| {timestamp: ((.["@timestamp"] // .request["ce-time"] // .response["ce-time"]) | moment), model_version: .VersionId}
  + pairs($id // .RequestId; .request.payload | rows; .response.payload | outcomes)
| compact
