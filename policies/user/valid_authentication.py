"""The authentication settings are ones that AWS accepts.

elasticache/authentication.py knows what AWS rejects, and by which source. Of what is not documented nothing is said,
nor of what cannot be read.
"""

from elasticache.authentication import faults
from elasticache.user import User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Severity, UserPolicy, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires once, with every fault that there is."""
    found = [*faults(user)]
    if not found:
        user.require_authentication_mode()
        return PASS
    return (
        Finding(
            seen=" ".join(f"{fault.clause}." for fault in found),
            consequence="AWS rejects such a user, so the deployment fails half-way at it.",
            instead=" ".join(dict.fromkeys(fault.remedy for fault in found)),
        ),
    )


POLICY = UserPolicy(
    id="elasticache-user-valid-authentication",
    display_name="Valid authentication settings for ElastiCache users",
    description="The authentication settings of an ElastiCache user are accepted by AWS.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness", "authentication"),
    fix="Correct the authentication settings that AWS rejects.",
    url=wording.RBAC_PAGE,
    check=check,
    options=Options,
)
