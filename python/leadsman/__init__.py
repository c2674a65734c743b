"""Say whether a deployed model still stands where it was trained.

>>> import leadsman
>>> report = leadsman.report(scored, reference=training)
>>> report.level
'alert'
>>> report.findings[["subject", "level", "sentence"]]
>>> report.save("site")

The work is done by the program leadsman, which the wheel carries; data goes to
it as an Arrow stream. `leadsman.program()` is its path.
"""

from ._convert import convert
from ._program import Error, Note, UsageError, program, version
from ._report import Report, report

__all__ = ["Error", "Note", "Report", "UsageError", "convert", "program", "report", "version"]
