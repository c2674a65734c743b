"""Writes a log with structlog's JSONRenderer: structlog_log.py FILE."""

import sys

import structlog

from rows import LABELS, ROWS

with open(sys.argv[1], "w") as out:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(out),
    )
    log = structlog.get_logger()
    log.info("started", port=8000)
    for (features, score), label in zip(ROWS, LABELS):
        log.info("prediction", input=features, score=score, label=label, inference_ms=1.5, model_version="v1")
    log.warning("slow", seconds=2.5)
