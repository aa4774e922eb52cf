"""Exemptions, as a policy of its own: it carries the option, and reports what is held back."""

from types import NoneType

from rulebook.exemptions import ExemptionsOptions
from rulebook.policy import PASS, Level, Policy, Severity, Verdict


def check(_nothing: None, _options: ExemptionsOptions) -> Verdict:
    """Finds nothing itself: what it holds back of other policies is reported under its name."""
    return PASS


POLICY = Policy(
    id="elasticache-exemptions",
    display_name="Register of exemptions for ElastiCache users",
    description="An exemption must have a reason and an end.",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    tags=("elasticache", "exemptions"),
    fix="Repair what is exempted before the exemption ends.",
    url="https://www.pulumi.com/docs/insights/policy/",
    judges=NoneType,
    check=check,
    options=ExemptionsOptions,
)
