"""The page on comparing access shows what the command prints."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from audit.__main__ import main

PAGE: Final = Path(__file__).parents[2] / "docs" / "comparing-access.md"
BLOCK: Final = re.compile(r"```text\n\$ python -m audit ([^\n]*)\n(.*?)```", re.DOTALL)
BLOCKS: Final = BLOCK.findall(PAGE.read_text())


@pytest.mark.parametrize(("command", "shown"), BLOCKS)
def test_the_page_shows_what_is_printed(command: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(shlex.split(command))
    captured = capsys.readouterr()

    assert captured.out + captured.err == shown, f"write what `python -m audit {command}` prints into {PAGE.name}"


def test_every_surprise_has_its_block() -> None:
    assert len(BLOCKS) >= 7
