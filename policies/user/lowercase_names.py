"""`userName` and `userId` are lower case."""

from elasticache.properties import CannotTellError, Text
from elasticache.user import DEFAULT_USER_NAME, User
from rulebook import fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on upper case in `userName` or `userId`, of users that are off too."""
    names = (user.user_id, user.user_name)
    mixed = [name for name in names if name.known is not None and name.known != name.known.lower()]
    # a reserved name in another case is refused whatever its letters: elasticache-user-valid-names reports it
    if mixed and not any(name.known.lower() == DEFAULT_USER_NAME for name in mixed if name.known):
        return (_finding(user, mixed),)
    for name in names:
        if name.marker is not None:
            raise CannotTellError(name.path, name.marker)
    if all(name.known is None for name in names):
        raise NotApplicableError("neither userId nor userName is set to a string")
    return PASS


def _finding(user: User, mixed: list[Text]) -> Finding:
    written = [f"{name.path} {wording.quoted(name.known or '', secret=name.secret)}" for name in mixed]
    return Finding(
        found=wording.listed(written),
        risk=(
            "ElastiCache stores ids in lower case, so the id comes back changed; names are compared with case, so "
            "clients must spell them alike"
        ),
        fix=(
            f"{fixes.names(user)}; this replaces an existing user, whose id is taken for a new one that differs in "
            "case only"
        ),
    )


def lowered(user: User) -> dict[str, str]:
    """The names to write in lower case, at level remediate; what is not known yet stays as it is."""
    return {
        name.path: name.known.lower()
        for name in (user.user_id, user.user_name)
        if name.known is not None and name.known != name.known.lower()
    }


POLICY = Policy(
    id="elasticache-user-lowercase-names",
    display_name="Lower-case names for ElastiCache users",
    description="The id and the name of an ElastiCache user must be in lower case.",
    severity=Severity.LOW,
    level=Level.MANDATORY,
    tags=("elasticache", "naming"),
    fix="Write userId and userName in lower case.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html",
    judges=User,
    check=check,
    options=Options,
    remediate=lowered,
)
