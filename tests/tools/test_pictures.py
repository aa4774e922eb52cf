"""README's pictures show what a run shows today, and fetch nothing."""

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.testbed.pulumi_cli import PulumiCliError
from tools import pictures

FILES = sorted(pictures.FOLDER.glob("*.svg"))


def test_each_picture_is_there_in_light_and_dark() -> None:
    assert [file.stem for file in FILES] == sorted(
        f"{name}-{shade}" for name in pictures.PICTURES for shade in ("light", "dark")
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_picture_fetches_nothing_and_names_no_machine(file: Path) -> None:
    """Addresses may stand in its text alone."""
    text = file.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    shown = "".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))

    assert "url(" not in text.replace("url(#", "")
    assert "@import" not in text
    assert "@font-face" not in text
    assert [name for node in root.iter() for name in node.attrib if name.endswith("href")] == []
    assert "local:" not in shown
    assert "/tmp" not in shown
    assert root.attrib["aria-label"]


def test_the_string_is_explained_as_in_the_picture() -> None:
    assert pictures.is_current("explain", pictures.explain()), "run python -m tools.pictures"


@pytest.mark.engine
def test_the_preview_is_as_in_the_picture() -> None:
    try:
        text = pictures.preview()
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))

    assert pictures.is_current("preview", text), "run python -m tools.pictures"


def test_a_stale_picture_is_noticed() -> None:
    assert not pictures.is_current("explain", pictures.explain().replace("FLUSHALL", "FLUSHDB", 1))
