"""Leaves out what downloads the packages of four languages, unless it is asked for: `pytest tests/languages`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONG = {HERE / "test_runs_of_all_languages.py", HERE / "test_page_programs.py"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore the long tests, but for a command line that names their folder or their file."""
    if collection_path not in LONG:
        return None
    named = {(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args}
    return None if named & {HERE, collection_path} else True
