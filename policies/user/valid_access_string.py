"""The access string is one that servers and ElastiCache accept.

What servers refuse is worked out as they do it; what ElastiCache refuses on top is taken from
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html: passwords, `reset`, and commands that it
blocks.
"""

from acl.rules import Problem
from elasticache.service import refused_words
from elasticache.user import User
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN = 3


def check(user: User, _options: Options) -> Verdict:
    """Fires on rules that the server line refuses, or ElastiCache; an unknown name is advice, as engines get newer."""
    access = user.access
    if access is None:
        raise NotApplicableError("accessString is not set to a string")
    found: list[Finding] = []
    refused = [rejection for rejection in access.rejections if rejection.problem is not Problem.UNKNOWN_NAME]
    refused_by_elasticache = refused_words(access)
    number = len(refused) + len(refused_by_elasticache)
    if number:
        faults = [str(rejection) for rejection in refused[:_MOST_SHOWN]]
        faults += [f"{word} may not stand in an access string on ElastiCache" for word in refused_by_elasticache]
        found.append(_finding(user, faults[:_MOST_SHOWN], number))
    if unknown := [rejection for rejection in access.rejections if rejection.problem is Problem.UNKNOWN_NAME]:
        shown = [f"{rejection.token} (word {rejection.position})" for rejection in unknown[:_MOST_SHOWN]]
        names = wording.counted(shown, len(unknown))
        text = f"accessString names what the commands of {access.table.line.title} do not have: {names}."
        if user.access_string.secret:
            text = f"accessString (marked secret, so not shown) names what {access.table.line.title} does not have."
        found.append(
            Finding(
                found=text,
                risk="A server that does not know a name refuses the whole string.",
                fix="Check the spelling. If the name is newer than this pack, nothing is wrong.",
                advisory=True,
            )
        )
    return tuple(found)


def _finding(user: User, faults: list[str], number: int) -> Finding:
    faulty = "it breaks the rules" if user.access_string.secret else wording.counted(faults, number, "; ")
    return Finding(
        found=f"{access_wording.access_string_of(user)} is refused: {faulty}.",
        risk="One refused word makes the whole string refused, so the deployment fails half-way at this user.",
        fix=(
            "Write rules one after the other with a space between them: on or off, ~PATTERN for keys, &PATTERN for "
            "channels, +COMMAND, -COMMAND, +@CATEGORY, -@CATEGORY. Passwords belong to authenticationMode, not here."
        ),
    )


POLICY = Policy(
    id="elasticache-user-valid-access-string",
    display_name="Valid access strings for ElastiCache users",
    description="The access string of an ElastiCache user is accepted by the server and by ElastiCache.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness", "access-string"),
    fix="Correct the words of accessString that the server or ElastiCache refuses.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)
