"""The examples in TypeScript, Python, Go and Java through the real engine: `make test-languages`, minutes long.

Each language compiles or checks its programs, runs them by its own Automation API and its own package of the AWS
provider, and must send the same inputs and get the same reports. What it takes: npm, Go and Maven.
"""

import os
import shutil
from collections.abc import Mapping

import pytest

from tests.testbed import languages, pulumi_cli
from tools.languages import record

pytestmark = pytest.mark.engine

TOOLS = {"typescript": "npm", "python": "python3", "go": "go", "java": "mvn"}


@pytest.fixture
def outcomes() -> Mapping[str, Mapping[str, languages.Outcome]]:
    """Return what every example did in every language."""
    missing = [tool for tool in TOOLS.values() if shutil.which(tool) is None]
    try:
        pulumi_cli.find_or_build()
    except pulumi_cli.PulumiCliError as error:
        missing.append(str(error))
    if missing:
        assert os.environ.get("CI") != "true", f"missing: {missing}"
        pytest.skip(f"install {', '.join(missing)} to run the examples of all languages")
    return {language: languages.run(language, [*languages.expected()]) for language in languages.RUN}


def test_every_language_sends_and_gets_the_same(outcomes: Mapping[str, Mapping[str, languages.Outcome]]) -> None:
    """No error, the expected inputs, and the same reports word for word, in every example of every language.

    One test, because `outcomes` takes minutes and workers would not share it.
    """
    assert languages.differences(outcomes) == []

    findings = record()["findings"]
    for language, by_example in outcomes.items():
        found = {example: outcome.findings for example, outcome in by_example.items()}
        assert found == findings, f"examples/findings.json, of which the page is made, says otherwise than {language}"

    properties = languages.expected().values()
    modes = [user.get("authenticationMode", {}) for user in properties]
    passwords = [password for holder in (*properties, *modes) for password in holder.get("passwords", [])]
    reports = [
        text for by_example in outcomes.values() for outcome in by_example.values() for *_, text in outcome.reported
    ]
    assert reports
    assert [number for number, password in enumerate(passwords) for text in reports if password in text] == []
