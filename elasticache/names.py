"""The ids and names of users: what AWS takes, and a name to move to.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html (characters of ids),
`ACLStringHasSpaces` in acl.c of Redis 6.2 to Valkey 9.1 (characters of names).
"""

import re
from typing import Final

from elasticache.user import DEFAULT_USER_NAME, User

LONGEST_ID: Final = 40
"""What ElastiCache takes as an id of a cache or a group. For users the API documents no length."""

OTHER_DEFAULT: Final = f'is another user than "{DEFAULT_USER_NAME}", since names are compared with case'

_ID: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_SPACE: Final = re.compile(r"[\0\s]")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_OF_AN_ID: Final = re.compile(r"[^a-z0-9]+")
_SUFFIX: Final = "-user"


def mistake_in_id(user_id: str) -> str | None:
    """Why AWS refuses an id; None when it does not."""
    if not user_id:
        return "is empty"
    if not _ID.fullmatch(user_id):
        return "may hold letters of a-z, digits and hyphens only, and begins with a letter"
    if user_id.lower() == DEFAULT_USER_NAME:
        return f'is the id of the user that AWS makes with every account ("{DEFAULT_USER_NAME}", in any case)'
    return None


def doubt_about_id(user_id: str) -> str | None:
    """Why AWS may refuse an id, as it does other ids of ElastiCache; None when nothing speaks against it."""
    if len(user_id) > LONGEST_ID:
        return f"has {len(user_id)} characters, and other ids of ElastiCache have {LONGEST_ID} at most"
    if user_id.endswith("-") or "--" in user_id:
        return "ends with a hyphen or holds two in a row, which other ids of ElastiCache may not"
    return None


def mistake_in_name(user_name: str) -> str | None:
    """Why a user name is refused, or is not what it looks like; None when nothing is wrong."""
    if not user_name:
        return "is empty"
    if _SPACE.search(user_name):
        return "holds white space, which no server takes in a name"
    if user_name != DEFAULT_USER_NAME and user_name.lower() == DEFAULT_USER_NAME:
        return OTHER_DEFAULT
    return None


def suggested_name(user: User) -> str | None:
    """One lower-case name to write as userId and userName; None where neither is known, or the name is a secret.

    ElastiCache stores ids in lower case, so a new name must differ from the old id by more than case where the new
    user is created beside the old one. It is never `default`.
    """
    if user.user_id.secret or user.user_name.secret:
        return None
    user_id, user_name = user.user_id.known, user.user_name.known
    old = user_id if user_id and user_id.lower() != DEFAULT_USER_NAME else user_name
    if not old:
        return None
    if old == user_id == user_name and old == old.lower() and mistake_in_id(old) is None:
        return old
    words = _NOT_OF_AN_ID.sub("-", _HUMP.sub("-", old).lower()).strip("-")
    name = words[: LONGEST_ID - len(_SUFFIX)].strip("-")
    if not name or not name[0].isalpha() or not name.isascii():
        name = f"app-{name}".strip("-") if name.isascii() else "app"
    taken = {DEFAULT_USER_NAME, (user_id or "").lower(), (user_name or "").lower()}
    return name + _SUFFIX if name in taken else name
