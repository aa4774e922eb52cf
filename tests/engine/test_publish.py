"""What `pulumi policy publish` sends to Pulumi Cloud: metadata that is complete, and the files that a run needs."""

import pytest

from tests.testbed.cloud import running_cloud
from tests.testbed.engine import ORGANIZATION, Engine

pytestmark = pytest.mark.engine

REQUIRED = ("name", "displayName", "description", "enforcementLevel", "severity", "tags", "url", "remediationSteps")


def test_publishing_sends_complete_metadata_and_the_pack(engine: Engine) -> None:
    """Every policy arrives with all that the console shows, and the archive holds the pack and nothing private."""
    with running_cloud(ORGANIZATION) as cloud:
        run = engine.publish(cloud_url=cloud.url)

    assert run.ok, run.text
    (metadata,) = cloud.metadata
    assert metadata["name"] == "aws-elasticache-users"
    assert metadata["versionTag"]
    policies = metadata["policies"]
    assert policies
    missing = {policy["name"]: [field for field in REQUIRED if not policy.get(field)] for policy in policies}
    assert {name: fields for name, fields in missing.items() if fields} == {}
    assert len(policies) == len({policy["name"] for policy in policies})
    assert len(cloud.completed) == 1

    files = cloud.files()
    assert {"PulumiPolicy.yaml", "__main__.py", "requirements.txt"} <= files.keys()
    private = [name for name in files if name.startswith((".git/", "build/", "venv/", ".venv/")) or ".pyc" in name]
    assert private == []
