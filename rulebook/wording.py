"""Phrases that several policies use, so that the same thing is always said the same way."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

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
    start = name[: _LONGEST_NAME + 1]
    printable = start if start.isprintable() else start.encode("unicode_escape").decode()
    return f'"{printable if len(printable) <= _LONGEST_NAME else printable[: _LONGEST_NAME - 1] + "…"}"'


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, in brackets, or nothing."""
    close = get_close_matches(name[:_LONGEST_NAME], [*known], n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


def counted(shown: Sequence[str], number: int, separator: str = ", ") -> str:
    """The first of a number of things, and how many more there are."""
    listed_ = separator.join(shown)
    return listed_ if number <= len(shown) else f"{listed_}{separator}and {number - len(shown)} more"
