"""The seam on the SDK: what enforce/servicer.py needs of pulumi-policy's private servicer, said in words."""

import inspect
import re

import pytest
from pulumi_policy import policy as sdk
from pulumi_policy.version import VERSION

from enforce import pinned
from tests.testbed import ROOT

NEXT = (
    "read enforce/servicer.py against the new pulumi_policy/policy.py, repair the seam, "
    "then raise BUILT_FOR and the pin"
)


def test_the_installed_version_is_the_pinned_one_and_the_one_built_for() -> None:
    pin = re.search(r"^pulumi-policy==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)

    assert pin is not None
    assert pin[1] == VERSION == pinned.BUILT_FOR, f"pulumi-policy moved: {NEXT}"


@pytest.mark.parametrize(
    "name",
    [
        "Analyze",
        "AnalyzeStack",
        "Remediate",
        "Configure",
        "GetAnalyzerInfo",
    ],
)
def test_the_servicer_still_has_the_methods_that_ours_overrides_or_calls(name: str) -> None:
    assert callable(getattr(sdk._PolicyAnalyzerServicer, name, None)), f"{name} is gone from the servicer: {NEXT}"


def test_the_pack_still_makes_its_servicer_through_the_module_global() -> None:
    source = inspect.getsource(sdk.PolicyPack.__init__)

    assert "servicer = _PolicyAnalyzerServicer(" in source, f"PolicyPack makes its servicer another way: {NEXT}"


def test_the_servicer_still_takes_name_version_policies_and_the_pack_level_first() -> None:
    parameters = list(inspect.signature(sdk._PolicyAnalyzerServicer).parameters)

    assert parameters[:4] == ["name", "version", "policies", "enforcement_level"], NEXT


def test_another_version_stops_the_pack_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinned, "VERSION", "1.20.0")

    with pytest.raises(SystemExit) as stopped:
        pinned.require_pinned_sdk()
    assert str(stopped.value) == (
        "aws-elasticache-users needs pulumi-policy 1.21.0 and found 1.20.0. "
        "Install what requirements.txt pins: pip install -r requirements.txt"
    )
