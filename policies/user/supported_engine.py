"""The engine is one that ElastiCache users exist for: redis or valkey, in any case."""

from acl.commands import ENGINES
from elasticache.user import User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on any other engine."""
    engine = user.engine.value
    if engine is None and not user.engine.malformed:
        raise NotApplicableError("engine is not set")
    if engine is not None and engine.lower() in ENGINES:
        return PASS
    written = "not a string" if engine is None else wording.quoted(engine, secret=user.engine.secret)
    return (
        Finding(
            found=f"engine is {written}.",
            risk="ElastiCache has users for Redis OSS and Valkey only, so the deployment fails at this user.",
            fix="Write engine: valkey or engine: redis, as the caches that the user is for.",
        ),
    )


POLICY = Policy(
    id="elasticache-user-supported-engine",
    display_name="Supported engines for ElastiCache users",
    description="The engine of an ElastiCache user is redis or valkey.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness"),
    fix="Set engine to valkey or redis.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html",
    judges=User,
    check=check,
    options=Options,
)
