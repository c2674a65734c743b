"""The program: where it is, how it is run, what its exit status means."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import IO, Any, Callable, Mapping, Sequence


class Error(Exception):
    """The program failed. The text is the program's own sentence.

    `status` is its exit status, `stderr` all that it said.
    """

    def __init__(self, sentence: str, status: int, stderr: str):
        super().__init__(sentence)
        self.status = status
        self.stderr = stderr

    def __reduce__(self) -> tuple[Any, ...]:  # crosses processes, from a worker to its driver
        return type(self), (str(self), self.status, self.stderr)


class UsageError(Error, ValueError):
    """The program does not take what it was given: exit status 2."""


class Note(UserWarning):
    """What the program had to say beside its result."""


def program() -> str:
    """The path of the program leadsman.

    LEADSMAN_BIN where it is set, a file or the directory that holds it; else the
    program in this package; else leadsman on PATH. Raises FileNotFoundError.
    """
    name = "leadsman.exe" if os.name == "nt" else "leadsman"
    chosen = os.environ.get("LEADSMAN_BIN")
    if chosen:
        path = Path(chosen, name) if os.path.isdir(chosen) else Path(chosen)
        if not path.is_file():
            raise FileNotFoundError(f"LEADSMAN_BIN: {path}: there is no such file")
        return str(path)
    own = Path(__file__).with_name("bin") / name
    if own.is_file():
        return str(own)
    found = shutil.which("leadsman")
    if found and not _script(found):
        return found
    raise FileNotFoundError(
        "the program leadsman is not in this package, nor on PATH: install a wheel of this platform, or name the program in LEADSMAN_BIN"
    )


def _script(path: str) -> bool:
    """Whether path is a script, such as this package's own command."""
    with open(path, "rb") as f:
        head = f.read(2)
    return head == b"#!" or (os.name == "nt" and Path(path).parent == Path(sys.executable).parent)


def version() -> str:
    """The program's version."""
    return run(["--version"], stdout=subprocess.PIPE).decode().split()[-1]


def run(
    args: Sequence[str | os.PathLike[str]],
    write: Callable[[IO[bytes]], None] | None = None,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    names: Mapping[str, str] | None = None,
) -> bytes:
    """Run `leadsman ARGS`, and return what it wrote where stdout is PIPE.

    write, if any, is called with the program's stdin. In what the program says,
    names puts a word in place of a temporary file's path. Raises Error or UsageError;
    what the program said although it succeeded is warned of as Note.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrote:
        to = wrote if stdout == subprocess.PIPE else stdout
        process = subprocess.Popen(
            [program(), *(os.fspath(arg) for arg in args)],
            stdin=subprocess.DEVNULL if write is None else subprocess.PIPE,
            stdout=to,
            stderr=said,
        )
        broken: Exception | None = None
        try:
            if write is not None:
                assert process.stdin is not None
                try:
                    write(process.stdin)
                    process.stdin.close()
                except Exception as err:  # mostly since the program has ended, which tells why
                    broken = err
                    if process.poll() is None and not isinstance(err, BrokenPipeError):
                        process.kill()
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdin is not None:
                try:
                    process.stdin.close()
                except OSError:
                    pass
        said.seek(0)
        stderr = said.read().decode("utf-8", "replace")
        for path, name in (names or {}).items():
            stderr = stderr.replace(path, name)
        if status > 0 and (broken is None or stderr):
            raise failure(status, stderr)
        if broken is not None:
            raise broken
        if status != 0:
            raise failure(status, stderr)
        for line in stderr.splitlines():
            warnings.warn(line, Note, stacklevel=3)
        wrote.seek(0)
        return wrote.read()


def failure(status: int, stderr: str) -> Error:
    lines = [line for line in stderr.splitlines() if line and not line.startswith("Try '")]
    sentence = lines[-1].partition(": ")[2] or lines[-1] if lines else ""
    if status < 0:
        sentence = f"the program leadsman was ended by signal {-status}"
    return (UsageError if status == 2 else Error)(sentence or f"the program leadsman ended with status {status}", status, stderr)
