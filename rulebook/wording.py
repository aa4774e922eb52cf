"""Phrases that several policies use, so that the same thing is always said the same way."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from acl.effect import Effect
from acl.hiding import in_one_line
from acl.narrower import narrower, newer_words
from elasticache.user import User

_LONGEST_STRING = 160
_LONGEST_NAME = 60

USE_IAM = (
    "Set authenticationMode to {type: iam}, make userId and userName the same lower-case name, and allow "
    "elasticache:Connect on the cache and the user to the roles that log in. IAM needs Valkey 7.2 or Redis OSS 7.0, "
    "or newer, and encryption in transit."
)
IAM_PAGE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html"
RBAC_PAGE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"


def listed(things: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} {last} {things[-1]}"


def quoted(name: str, *, secret: bool = False) -> str:
    """A value as a message writes it: shortened, and not at all where it carries a secret mark."""
    if secret:
        return "[secret]"
    printable = name.encode("unicode_escape").decode() if not name.isprintable() else name
    return f'"{printable if len(printable) <= _LONGEST_NAME else printable[: _LONGEST_NAME - 1] + "…"}"'


def access_string_of(user: User) -> str:
    """The access string as a message writes it: one space between words, shortened, and without a password."""
    if user.access_string.secret:
        return "accessString (marked secret, so not shown)"
    if user.access_string.known is None:
        return "an accessString that cannot be read here"
    return f'accessString "{in_one_line(user.access_string.known, _LONGEST_STRING)}"'


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, in brackets, or nothing."""
    close = get_close_matches(name, [*known], n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


def counted(told: Sequence[str], number: int, separator: str = ", ") -> str:
    """The first of a number of things, and how many more there are."""
    listed_ = separator.join(told)
    return listed_ if number <= len(told) else f"{listed_}{separator}and {number - len(told)} more"


def powers(effect: Effect, held: Sequence[str]) -> str:
    """What a user can do, by capability, with the commands that give it."""
    return listed(
        [
            f"{capability.summary} ({commands(effect.commands_by_capability[capability.id])})"
            for capability in effect.capabilities.worst_first
            if capability.id in held
        ]
    )


def doubts(user: User, effect: Effect) -> str:
    """What could not be decided and so counts as granted, as a sentence to append; empty where all is decided."""
    if not effect.undecided or user.access_string.secret:
        return ""
    return f" Undecided, and counted as granted where it could be: {'; '.join(effect.undecided)}."


def write_instead(user: User, effect: Effect, otherwise: str) -> str:
    """The narrower string in Pulumi terms, or other advice where there is none or the string is secret."""
    table = effect.access_string.table
    suggestion = None if user.access_string.secret else narrower(effect.access_string)
    if suggestion is None:
        return f"{otherwise} Begin with -@all and add what the application needs."
    newer = newer_words(suggestion, table)
    older = f" Leave {listed(newer)} out on caches older than {table.line.title}." if newer else ""
    return f'The same keys and data commands, without the rest: accessString: "{suggestion}".{older}'


def commands(names: Sequence[str], most: int = 4) -> str:
    """Commands as people write them: `FLUSHALL, CLIENT KILL and 3 more`."""
    written = [name.upper().replace("|", " ") for name in names[:most]]
    if len(names) > most:
        written.append(f"{len(names) - most} more")
    return listed(written)
