"""`userId` and `userName` are ones that AWS takes. Upper case alone is a matter of elasticache-user-lowercase-names."""

from elasticache.names import OTHER_DEFAULT, doubt_about_id, mistake_in_id, mistake_in_name
from elasticache.properties import CannotTellError, Text
from elasticache.user import User
from rulebook import fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, NotApplicableError, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires on an id or a name that is refused; a doubt about an id, which no page of AWS settles, is advisory."""
    mistakes = [
        f"{_shown(text)} {mistake}"
        for text, mistake_in in ((user.user_id, mistake_in_id), (user.user_name, mistake_in_name))
        if text.known is not None and (mistake := mistake_in(text.known)) is not None
    ]
    mistakes += [f"{text.path} is not a string" for text in (user.user_id, user.user_name) if text.malformed]
    if mistakes:
        return (_finding(user, mistakes),)
    for text in (user.user_id, user.user_name):
        if text.marker is not None:
            raise CannotTellError(text.path, text.marker)
    if user.user_id.known is None and user.user_name.known is None:
        raise NotApplicableError("neither userId nor userName is set")
    doubt = doubt_about_id(user.user_id.known or "")
    return PASS if doubt is None else (_finding(user, [f"{_shown(user.user_id)} {doubt}"], advisory=True),)


def _shown(text: Text) -> str:
    return f"{text.path} {wording.quoted(text.known or '', secret=text.secret)}"


def _finding(user: User, mistakes: list[str], *, advisory: bool = False) -> Finding:
    risk = "AWS refuses such a user, so the deployment fails half-way at it"
    if advisory:
        risk = "AWS may refuse such an id, and then the deployment fails half-way at this user"
    elif mistakes == [f"{_shown(user.user_name)} {OTHER_DEFAULT}"]:
        risk = "connections that present no user name do not act as this user, whatever its name looks like"
    return Finding(
        found="; ".join(mistakes),
        risk=risk,
        fix=fixes.names(user),
        advisory=advisory,
    )


POLICY = Policy(
    id="elasticache-user-valid-names",
    display_name="Valid names for ElastiCache users",
    description="The id and the name of an ElastiCache user must be ones that AWS takes.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness", "naming"),
    fix="Write one name of lower-case letters, digits and hyphens that begins with a letter.",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html",
    judges=User,
    check=check,
    options=Options,
)
