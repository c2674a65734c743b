"""Writes OTLP JSON with OpenTelemetry's file exporter: otlp_log.py FILE."""

import logging
import sys

from opentelemetry.exporter.otlp.json.file._log_exporter import FileLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from rows import LABELS, ROWS

provider = LoggerProvider(resource=Resource({"service.name": "scoring"}), shutdown_on_exit=False)
provider.add_log_record_processor(SimpleLogRecordProcessor(FileLogExporter(sys.argv[1])))
log = logging.getLogger("scoring")
log.propagate = False
log.setLevel(logging.INFO)
log.addHandler(LoggingHandler(logger_provider=provider))
log.info("started")
for i, ((features, score), label) in enumerate(zip(ROWS, LABELS)):
    answer = {"score": score, "label": label, "inference_ms": 1.5, "model_version": "v1"}
    if i % 2:  # an object of its own, or attributes with dots
        log.info("prediction", extra={"input": features, **answer})
    else:
        log.info("prediction", extra={**{f"input.{k}": v for k, v in features.items()}, **answer})
provider.shutdown()
