"""Puts the program into a wheel that is of one platform, never of any.

LEADSMAN_PROGRAM is the static program and LEADSMAN_TAG the platform, as
pipelines/wheel/build.sh sets them for each.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Wheel(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        try:
            program, tag = os.environ["LEADSMAN_PROGRAM"], os.environ["LEADSMAN_TAG"]
        except KeyError as missing:
            raise SystemExit(f"{missing}: not set; `make wheel` builds the wheel") from None
        name = "leadsman.exe" if tag.startswith("win") else "leadsman"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag}"
        build_data["force_include"][program] = f"leadsman/bin/{name}"
