"""The engine is one that ElastiCache users exist for: redis or valkey, in any case."""

from typing import Final

from acl.commands import ENGINES
from elasticache.properties import CannotTellError, Text
from elasticache.user import AuthenticationType, User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict

_EITHER: Final = 'engine: "valkey", or "redis" for caches that run Redis OSS'


def check(user: User, _options: Options) -> Verdict:
    """Fires on any other engine."""
    engine = user.engine.value
    if engine is None and not user.engine.malformed:
        raise NotApplicableError("engine is not set")
    if engine is not None and engine.isascii() and engine.lower() in ENGINES:
        return PASS
    return (
        Finding(
            found="engine is not a string" if engine is None else f"engine {_shown(user.engine)}",
            risk="ElastiCache has users for Redis OSS and Valkey only, so the deployment fails at this user",
            fix='engine: "valkey", or "redis" for caches that run Redis OSS'
            if _may_be_valkey(user)
            else 'engine: "redis"',
        ),
    )


def _may_be_valkey(user: User) -> bool:
    """Whether a group for Valkey has a use for the user: it needs none named default, and takes none that is open."""
    try:
        kind = user.authenticates_by
    except CannotTellError:
        return True
    return not user.is_default and kind in (AuthenticationType.IAM, AuthenticationType.PASSWORD)


def _shown(engine: Text) -> str:
    """The engine with every letter that only looks like one of ASCII written as an escape."""
    written = wording.quoted(engine.known or "", secret=engine.secret)
    if written.isascii():
        return written
    return f"{written.encode('ascii', 'backslashreplace').decode()}, which has letters that are not of a-z"


POLICY = Policy(
    id="elasticache-user-supported-engine",
    display_name="Supported engines for ElastiCache users",
    description="The engine of an ElastiCache user must be redis or valkey.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness"),
    fix="Set engine to valkey or redis.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html",
    judges=User,
    check=check,
    options=Options,
)
