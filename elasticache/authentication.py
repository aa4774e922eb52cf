"""What AWS rejects in the authentication settings of a user.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (passwords),
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html (IAM), the API's model of 2015-02-02 (types and
combinations), and the resource's schema in pulumi-aws 7.51.1 (`passwordsWo`, distinct passwords).
"""

from collections.abc import Iterator
from typing import Final

from elasticache.properties import SHORTEST_PASSWORD, CannotTellError, Passwords
from elasticache.user import AuthenticationType, User

MOST_PASSWORDS: Final = 2


def faults(user: User) -> Iterator[str]:
    """What AWS would reject, each as a clause that begins with a property path.

    What cannot be read is passed over: it is neither counted nor compared, and its length is not judged.
    """
    held = [passwords for passwords in user.passwords if passwords.present]
    for passwords in (*held, user.write_only_password):
        yield from _password_faults(passwords)
    yield from _source_faults(user, held)
    try:
        kind, written = user.authenticates_by, user.authentication_type
    except CannotTellError:
        return
    if written.malformed or (written.known is not None and kind is None):
        yield f"{written.path} is none of iam, password and no-password-required"
    elif written.known is not None:
        yield from _type_faults(user, kind, held)
    if user.is_valkey and not written.malformed and not held:
        if kind is AuthenticationType.NO_PASSWORD:
            yield f"{user.no_password_path} needs no credential, which users of engine valkey cannot have"
        elif kind is None and written.known is None:
            yield "engine valkey needs authenticationMode with a type, or passwords, and there is neither"


def _password_faults(passwords: Passwords) -> Iterator[str]:
    if passwords.count is not None and passwords.count > MOST_PASSWORDS:
        yield f"{passwords.path} holds {passwords.count} passwords, and a user has two at most"
    if number := passwords.of_wrong_length:
        yield f"{passwords.path} holds {_some(number)} shorter than {SHORTEST_PASSWORD} or longer than 128 characters"
    if number := passwords.with_forbidden_characters:
        yield f'{passwords.path} holds {_some(number)} with a character that AWS forbids: , " / @ or an unprintable one'
    if passwords.has_duplicates:
        yield f"{passwords.path} holds the same password twice"


def _some(number: int) -> str:
    return "a password" if number == 1 else f"{number} passwords"


def _source_faults(user: User, held: list[Passwords]) -> Iterator[str]:
    if len(held) > 1:
        yield f"{held[0].path} and {held[1].path} are both set"
    if user.write_only_password.present:
        if held:
            yield f"passwordsWo is set beside {held[0].path}"
        elif user.has_authentication_mode:
            yield "passwordsWo is set beside authenticationMode"


def _type_faults(user: User, kind: AuthenticationType | None, held: list[Passwords]) -> Iterator[str]:
    path = user.authentication_type.path
    if kind is AuthenticationType.IAM:
        if held:
            yield f"{held[0].path} is set beside {path} iam"
        yield from _name_faults(user)
    elif kind is AuthenticationType.NO_PASSWORD:
        if held:
            yield f"{held[0].path} is set beside {path} {user.authentication_type.known}"
    elif not held and not user.write_only_password.present and user.password_count == 0:
        yield f"{path} is password, and there is no password"
    try:
        no_password = user.no_password_required.value
    except CannotTellError:
        return
    if no_password and kind is not AuthenticationType.NO_PASSWORD:
        yield f"noPasswordRequired is true beside {path} {user.authentication_type.known}"


def _name_faults(user: User) -> Iterator[str]:
    """With IAM, id and name are the same; case is the matter of lower-case names."""
    user_id, user_name = user.user_id.known, user.user_name.known
    if user_id is not None and user_name is not None and user_id.lower() != user_name.lower():
        yield "userId and userName differ, and with IAM they must be the same"
