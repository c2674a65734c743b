"""The command leadsman: the program itself, with the arguments as they are."""

from __future__ import annotations

import os
import subprocess
import sys

from ._program import program


def main() -> int:
    try:
        path = program()
    except FileNotFoundError as err:
        print(f"leadsman: {err}", file=sys.stderr)
        return 1
    if os.name == "nt":  # which has no exec: it would return to the shell at once
        return subprocess.call([path, *sys.argv[1:]])
    os.execv(path, ["leadsman", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
