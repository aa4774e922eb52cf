"""`userName` and `userId` are lower case."""

from elasticache.properties import CannotTellError, Text
from elasticache.user import User
from rulebook import wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on upper case in `userName` or `userId`, of users that are off too."""
    names = (user.user_id, user.user_name)
    mixed = [name for name in names if name.known is not None and name.known != name.known.lower()]
    if mixed:
        return (_finding(mixed),)
    for name in names:
        if name.marker is not None:
            raise CannotTellError(name.path, name.marker)
    if all(name.known is None for name in names):
        raise NotApplicableError("neither userId nor userName is set to a string")
    return PASS


def _finding(mixed: list[Text]) -> Finding:
    seen = wording.listed([f"{name.path} is {wording.quoted(name.known or '', secret=name.secret)}" for name in mixed])
    lower = wording.listed(
        [f"{name.path}: {wording.quoted((name.known or '').lower(), secret=name.secret)}" for name in mixed]
    )
    return Finding(
        found=f"{seen}.",
        risk=(
            "ElastiCache keeps ids in lower case and compares user names with case. A mixed-case id comes back "
            "changed, an IAM user needs both to be the same, and a client that spells the name another way is refused."
        ),
        fix=(
            f"Write {lower}. Both properties replace an existing user: add the new user to the groups and move its "
            "clients before the old one goes."
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
    description="The id and the name of an ElastiCache user are written in lower case.",
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
