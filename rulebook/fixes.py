"""Fixes that several policies offer, so that the fixes of one user agree. Each can be pasted."""

from typing import Final

from elasticache.names import suggested_name
from elasticache.properties import Passwords
from elasticache.user import User
from rulebook.wording import listed, quoted

_PLACEHOLDER: Final = "app"


def names(user: User) -> str:
    """The one name to write as id and as user name."""
    name = suggested_name(user)
    return "one lower-case name as userId and userName" if name is None else f"userId and userName: {quoted(name)}"


def prefix(user: User) -> str:
    """The start of the keys of the user's application, as far as it can be guessed from its name."""
    return suggested_name(user) or _PLACEHOLDER


def names_fit_iam(user: User) -> bool:
    """Id and name are known to be one lower-case name, as IAM needs; true as well where they cannot be read."""
    user_id, user_name = user.user_id.known, user.user_name.known
    if user_id is None or user_name is None:
        return True
    return user_id == user_name and user_id == user_id.lower()


def replace_default(user: User) -> str:
    """What to do with a user named default, whom AWS cannot authenticate by IAM.

    A group for Redis OSS needs one, so it is switched off; a group for Valkey needs none.
    """
    if user.is_valkey:
        return "remove this user: a group for Valkey needs none named default, and switches the stock one off"
    mode = 'authenticationMode: {type: "no-password-required"}'
    parts = ['accessString: "off -@all"', mode, *_removal(user)]
    return f"{'; '.join(parts)}; a user of its own for each client"


def use_iam(user: User) -> str:
    """How the user comes to authenticate with IAM, in Pulumi terms: what to set, and what to remove."""
    parts = ['authenticationMode: {type: "iam"}']
    if not names_fit_iam(user):
        parts.append(names(user))
    return "; ".join([*parts, *_removal(user)])


def _removal(user: User) -> list[str]:
    removed = credentials_in(user)
    return [f"remove {listed(removed)}"] if removed else []


def credentials_in(user: User) -> list[str]:
    """The properties, but for the mode itself, that say how the user logs in without IAM."""
    held: list[Passwords] = [passwords for passwords in user.passwords if passwords.path == "passwords"]
    found = [passwords.path for passwords in (*held, user.write_only_password) if passwords.present]
    if user.no_password_required.raw is not None:
        found.append(user.no_password_required.path)
    return found
