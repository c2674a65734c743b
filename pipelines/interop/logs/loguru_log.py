"""Writes a log with loguru's serialize=True: loguru_log.py FILE."""

import sys

from loguru import logger

from rows import LABELS, ROWS

logger.remove()
logger.add(sys.argv[1], serialize=True, mode="w")
logger.info("started")
for (features, score), label in zip(ROWS, LABELS):
    # The features are keys of their own here, beside the score.
    logger.bind(**features, score=score, label=label, inference_ms=1.5, model_version="v1").info("prediction")
logger.warning("slow")
