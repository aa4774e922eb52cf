"""The pack as Pulumi runs it: its own process, spoken to over gRPC."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from elasticache.stack import Stack
from policies.catalogue import CATALOGUE
from rulebook.options import schema_of
from tests.support.users import GOOD_USER, MARKER_PASSWORD, RESOURCE_POLICIES, changed, request, secret
from tests.testbed import ROOT


@pytest.fixture(scope="module")
def pack() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The process that the engine starts, as it starts it."""
    command = [sys.executable, "-W", "error", "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        port = process.stdout.readline().decode().strip()
        assert re.fullmatch(r"\d+", port), f"the first line of standard output must be the port, not {port!r}"
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
        process.kill()
        out, err = process.communicate()
        assert out == b"", "nothing but the port goes to standard output"
        assert err == b"", "nothing goes to standard error"


def test_the_pack_says_all_about_itself(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    info = pack.GetAnalyzerInfo(empty_pb2.Empty())

    assert info.name == "aws-elasticache-users"
    assert info.displayName
    assert info.description
    assert [policy.name for policy in info.policies] == [policy.id for policy in CATALOGUE]
    for reported, policy in zip(info.policies, CATALOGUE, strict=True):
        assert reported.displayName == policy.display_name
        assert reported.description == policy.description
        assert reported.enforcementLevel == proto.EnforcementLevel.Value(policy.level.name)
        assert reported.severity == proto.PolicySeverity.Value(f"POLICY_SEVERITY_{policy.severity.name}")
        assert tuple(reported.tags) == policy.tags
        assert reported.url == policy.url
        assert reported.remediation_steps == policy.fix
        assert reported.policy_type == (
            proto.PolicyType.POLICY_TYPE_STACK if policy.judges is Stack else proto.PolicyType.POLICY_TYPE_RESOURCE
        )
        options = json_format.MessageToDict(reported.configSchema.properties)
        assert options == json.loads(json.dumps(schema_of(policy.options)))


def test_a_clean_user_passes_in_silence(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    assert not pack.Analyze(request(GOOD_USER)).diagnostics


def test_every_mission_policy_fires_on_the_guides_third_user(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    properties = changed(
        userId="testUserId",
        userName="testUserName",
        accessString="on ~* +@all",
        engine="redis",
        authenticationMode={"type": "password", "passwords": secret([MARKER_PASSWORD, MARKER_PASSWORD[::-1]])},
    )
    response = pack.Analyze(request(properties))

    assert {reported.policyName for reported in response.diagnostics} >= {
        "elasticache-user-no-plaintext-passwords",
        "elasticache-user-no-broad-access",
        "elasticache-user-iam-authentication",
        "elasticache-user-lowercase-names",
    }
    assert MARKER_PASSWORD not in str(response)


def test_a_large_resource_of_another_type_is_answered(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """The engine's messages can be large; SDK and pack take up to 400 MB."""
    response = pack.Analyze(request({"body": "x" * 6_000_000}, "aws:s3/bucketObject:BucketObject"))

    assert [reported.policy_name for reported in response.not_applicable] == RESOURCE_POLICIES


@pytest.mark.parametrize("command", [["__main__.py"], ["-m", "audit", "policies"]])
def test_an_older_python_is_refused_in_one_line(command: list[str]) -> None:
    """Run by the newest older Python of the machine, if it has one; else the lines are at least those of the check."""
    older = next(filter(None, map(shutil.which, ("python3.10", "python3.9", "python3.8"))), None)
    versions = sorted(Path.home().glob(".pyenv/versions/3.10.*/bin/python"))
    python = str(versions[-1]) if versions else older
    if python is None or subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode:
        assert "sys.version_info < (3, 11)" in (ROOT / "__main__.py").read_text()
        return
    ended = subprocess.run([python, *command], cwd=ROOT, check=False, capture_output=True, text=True)

    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
