"""The register of exemptions, as a policy of its own: it carries the options, and reports what it holds back."""

from rulebook import policy
from rulebook.exemptions import ExemptionsOptions
from rulebook.policy import PASS, Level, Severity, Verdict


def check(_nothing: None, _options: ExemptionsOptions) -> Verdict:
    """Finds nothing itself: it speaks when it holds a finding of another policy back."""
    return PASS


POLICY = policy.Register(
    id="elasticache-exemptions",
    display_name="Register of exemptions for ElastiCache users",
    description="Every exemption is written down with its reason and its end.",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    tags=("elasticache", "exemptions"),
    fix="Mend what is exempted before the exemption ends.",
    url="https://www.pulumi.com/docs/insights/policy/",
    check=check,
    options=ExemptionsOptions,
)
