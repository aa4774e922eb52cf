"""The access string is one that servers and ElastiCache accept, and grants something if it is meant to.

What servers refuse is worked out as they do it; what ElastiCache refuses on top is taken from
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (passwords, `reset`, and commands that it
blocks) and from the API's model of 2015-02-02 (`AccessString` must hold something else than white space).
"""

import re
from collections.abc import Iterator
from typing import Final

from acl.access_string import AccessString
from acl.narrower import without_refused
from acl.rules import Problem, Rejection
from elasticache.service import blocked_in, refused_words
from elasticache.user import User
from rulebook import access_wording, wording
from rulebook.options import Options
from rulebook.policy import Finding, Level, NotApplicableError, Policy, Severity, Verdict

_MOST_SHOWN: Final = 3
_ODD_SPACE: Final = re.compile(r"[^\S\t\n\v\f\r ]|[\u180e\u200b\u2060\ufeff]")
"""White space, or what looks like it, other than the ASCII white space that separates rules."""
_REFUSED: Final = "one refused word makes the whole string refused, so the deployment fails half-way at this user"
_BLANK: Final = "AWS takes no such string, so the deployment fails half-way at this user"


def check(user: User, _options: Options) -> Verdict:
    """Fires on what servers or ElastiCache refuse; unknown names and strings that grant nothing are advisory."""
    access = user.access
    if access is None:
        if user.access_string.raw is None:
            raise NotApplicableError("accessString is not set")
        return (Finding(found="accessString is not a string", risk=_BLANK, fix=_fix(user)),)
    text = user.access_string.known or ""
    if not text.strip():
        return (Finding(found=f"accessString is {'blank' if text else 'empty'}", risk=_BLANK, fix=_fix(user)),)
    return tuple(_findings(user, text, access))


def _findings(user: User, text: str, access: AccessString) -> Iterator[Finding]:
    refused = [rejection for rejection in access.rejections if rejection.problem is not Problem.UNKNOWN_NAME]
    faults = [*map(str, refused)]
    faults += [f"{word} may not stand in an access string on ElastiCache" for word in refused_words(access)]
    odd = sorted({f"U+{ord(letter):04X}" for letter in _ODD_SPACE.findall(text)})
    if odd:
        faults.append(f"white space that is not ASCII ({', '.join(odd)}), and nobody knows how AWS splits there")
    if faults:
        yield _refused(user, access, refused, faults)
    unknown = [rejection for rejection in access.rejections if rejection.problem is Problem.UNKNOWN_NAME]
    if unknown and not odd:
        yield _unknown(user, access, unknown)
    elif not faults and access.enabled and "+" in text and not _grants_anything(access):
        yield Finding(
            found=f"{access_wording.access_string_of(user)} grants no command",
            risk="the user can log in and do nothing, though the string reads as if it granted something",
            fix="put -@all before what is granted, and a space between rules; a comma belongs to the rule before it",
            advisory=True,
        )


def _grants_anything(access: AccessString) -> bool:
    everybodys = access.table.no_auth
    return any(selector.commands & ~everybodys or selector.partly for selector in access.selectors)


def _refused(user: User, access: AccessString, refused: list[Rejection], faults: list[str]) -> Finding:
    if user.access_string.secret:
        return Finding(found=access_wording.access_string_of(user), risk=_REFUSED, fix=_fix(user))
    bare = any(rejection.problem is Problem.SYNTAX and rejection.token.startswith("[") for rejection in refused)
    hint = "; a word without a sign may be meant for a key pattern, which begins with ~" if bare else ""
    return Finding(
        found=f"{access_wording.access_string_of(user)}: {wording.counted(faults[:_MOST_SHOWN], len(faults), '; ')}",
        risk=f"{_REFUSED}{hint}",
        fix=_fix(user, access),
    )


def _fix(user: User, access: AccessString | None = None) -> str:
    """The string without what is refused; where that hands over the cache or leaves nothing, one to begin with."""
    if access is None or user.is_default or (access.enabled and user.effect is not None and user.effect.broad):
        return access_wording.template(user)
    rest = without_refused(access, blocked_in)
    if rest is None or not rest.isascii():
        return access_wording.template(user) if access.enabled else 'accessString: "off -@all"'
    return f'accessString: "{rest}"; write what was refused in another form if it is needed'


def _unknown(user: User, access: AccessString, unknown: list[Rejection]) -> Finding:
    line = access.table.line.title
    shown = [f"{rejection.token} (word {rejection.position})" for rejection in unknown[:_MOST_SHOWN]]
    names = "" if user.access_string.secret else f": {wording.counted(shown, len(unknown))}"
    return Finding(
        found=f"accessString names what {line} does not have{names}",
        risk="a server that does not know a name refuses the whole string",
        fix="check the spelling; if the name is newer than this pack, nothing is wrong",
        advisory=True,
    )


POLICY = Policy(
    id="elasticache-user-valid-access-string",
    display_name="Valid access strings for ElastiCache users",
    description="The access string of an ElastiCache user must be accepted by the server and by ElastiCache.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness", "access-string"),
    fix="Correct the words of accessString that the server or ElastiCache refuses.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)
