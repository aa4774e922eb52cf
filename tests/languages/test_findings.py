"""The record of what every language found is of today's policies: the same users, judged by the real engine."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine_programs import HandWritten, RandomPassword
from tests.testbed import languages
from tests.testbed.engine import Engine
from tests.testbed.pulumi_cli import PulumiCliError
from tools.languages import record

pytestmark = pytest.mark.engine

EXPECTED = languages.expected()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Return an engine of the test's own."""
    try:
        return Engine(tmp_path)
    except PulumiCliError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.mark.parametrize("config", [None, languages.MANAGED], ids=["defaults", "managed-passwords"])
def test_the_policies_find_what_the_record_says(engine: Engine, config: Path | None) -> None:
    """Users with the examples' properties get the findings of examples/findings.json, no more and no fewer."""
    examples = [example for example in EXPECTED if languages.config_of(example) == config]

    def program() -> None:
        passwords: dict[str, RandomPassword] = {}

        def resolved(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: resolved(inner) for name, inner in value.items()}
            if isinstance(value, list):
                return [resolved(inner) for inner in value]
            if isinstance(value, str) and (reference := re.fullmatch(r"\$\{(\w+)\.result\}", value)):
                return passwords.setdefault(reference[1], RandomPassword(reference[1])).result
            return value

        for example in examples:
            HandWritten(example, resolved(EXPECTED[example]))

    run = engine.preview(program, config=config)

    assert run.errors == []
    found = {
        example: {violation.policy: violation.level for violation in run.violations if violation.resource == example}
        for example in examples
    }
    recorded = record()["findings"]
    assert found == {example: recorded[example] for example in examples}
