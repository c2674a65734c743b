"""The program in the package, and its command."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import leadsman
import pytest

PACKAGE = Path(leadsman.__file__).parent


def test_the_package_carries_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADSMAN_BIN", raising=False)
    assert Path(leadsman.program()).parent == PACKAGE / "bin"
    assert os.access(leadsman.program(), os.X_OK)
    assert (PACKAGE / "py.typed").is_file()


def test_the_wheel_is_of_one_platform() -> None:
    wheel = next(PACKAGE.parent.glob("leadsman-*.dist-info/WHEEL")).read_text()
    tags = [line.split()[1] for line in wheel.splitlines() if line.startswith("Tag: ")]
    assert tags and not any(tag.endswith("-any") for tag in tags)
    assert "Root-Is-Purelib: false" in wheel
    licences = next(PACKAGE.parent.glob("leadsman-*.dist-info/licenses"))
    assert "Apache License" in (licences / "LICENSE").read_text()
    assert "github.com/apache/arrow-go" in (licences / "THIRD-PARTY-NOTICES").read_text()


def test_the_command_is_the_program() -> None:
    command = Path(sysconfig.get_path("scripts"), "leadsman")
    asked = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout.split()[-1] == leadsman.version()
    wrong = subprocess.run([command, "reprot"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert 'unknown command "reprot"' in wrong.stderr
    module = subprocess.run([sys.executable, "-m", "leadsman", "--version"], capture_output=True, text=True, check=True)
    assert module.stdout == asked.stdout


def test_another_program_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = leadsman.program()
    (tmp_path / "leadsman").symlink_to(there)
    monkeypatch.setenv("LEADSMAN_BIN", str(tmp_path))
    assert leadsman.program() == str(tmp_path / "leadsman")
    monkeypatch.setenv("LEADSMAN_BIN", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError, match="LEADSMAN_BIN: .*absent: there is no such file"):
        leadsman.program()
