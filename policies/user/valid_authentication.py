"""The authentication settings are ones that AWS accepts.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (passwords),
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html (IAM), the API's model of 2015-02-02 (types and
combinations), and the resource's schema in pulumi-aws 7.51.1 (`passwordsWo`, distinct passwords). Of what is not
documented nothing is said, nor of what cannot be read.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from elasticache.properties import (
    LONGEST_PASSWORD,
    MOST_PASSWORDS,
    SHORTEST_PASSWORD,
    CannotTellError,
    Passwords,
)
from elasticache.user import AuthenticationType, User
from rulebook import fixes, wording
from rulebook.options import Options
from rulebook.policy import PASS, Finding, Level, Policy, Severity, Verdict


def check(user: User, _options: Options) -> Verdict:
    """Fires once, with every fault that there is."""
    faults = [*_faults(user)]
    if not faults:
        user.require_authentication_mode()
        return PASS
    return (
        Finding(
            found=wording.counted([fault.clause for fault in faults[:_MOST_SHOWN]], len(faults), "; "),
            risk="AWS refuses such a user, so the deployment fails half-way at it",
            fix="; ".join([*dict.fromkeys(fault.fix for fault in faults)][:_MOST_SHOWN]),
        ),
    )


_MOST_SHOWN: Final = 3


class _Fault(NamedTuple):
    """Something that AWS refuses."""

    clause: str
    """What is there; begins with a property path."""
    fix: str
    """What to write instead."""


def _faults(user: User) -> Iterator[_Fault]:
    """What AWS refuses.

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
        yield _Fault(f"{written.path} is none of iam, password and no-password-required", _log_in(user))
        return
    if written.known is not None:
        yield from _type_faults(user, kind, held)
    elif held or user.write_only_password.present:
        yield from _flag_fault(user, (held or [user.write_only_password])[0].path)
    if user.is_valkey and kind is AuthenticationType.NO_PASSWORD and not held:
        yield _Fault(
            f"{user.no_password_path} needs no credential, which users of engine valkey cannot have", _log_in(user)
        )
    if user.is_valkey and kind is None:
        yield _Fault("engine valkey needs authenticationMode with a type, or passwords, and has neither", _log_in(user))


def _log_in(user: User) -> str:
    """A way to log in that this user can have."""
    return fixes.replace_default(user) if user.is_default else fixes.use_iam(user)


def _password_faults(passwords: Passwords) -> Iterator[_Fault]:
    path = passwords.path
    if passwords.count is not None and passwords.count > MOST_PASSWORDS:
        yield _Fault(
            f"{path} holds {passwords.count} passwords, and a user has two at most",
            "the one or two passwords that clients use",
        )
    if number := passwords.of_wrong_length:
        limits = f"shorter than {SHORTEST_PASSWORD} or longer than {LONGEST_PASSWORD} characters"
        yield _Fault(f"{path} holds {_some(number)} {limits}", _GENERATE)
    if number := passwords.with_forbidden_characters:
        yield _Fault(
            f'{path} holds {_some(number)} with a character that AWS forbids: , " / @ or an unprintable one', _GENERATE
        )
    if passwords.has_duplicates:
        yield _Fault(f"{path} holds the same password twice", "each password once")


_GENERATE: Final = (
    f"a generated password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters (random.RandomPassword with "
    "special: false), or none with IAM"
)


def _some(number: int) -> str:
    return "a password" if number == 1 else f"{number} passwords"


def _source_faults(user: User, held: list[Passwords]) -> Iterator[_Fault]:
    if len(held) > 1:
        yield _Fault(f"{held[0].path} and {held[1].path} are both set", f"remove {held[0].path}")
    if user.write_only_password.present and (held or user.has_authentication_mode):
        beside = held[0].path if held else "authenticationMode"
        yield _Fault(f"passwordsWo is set beside {beside}", _log_in(user))


def _type_faults(user: User, kind: AuthenticationType | None, held: list[Passwords]) -> Iterator[_Fault]:
    written = f"{user.authentication_type.path} {user.authentication_type.known}"
    if kind is AuthenticationType.PASSWORD:
        if not held and not user.write_only_password.present and user.password_count == 0:
            yield _Fault(f"{user.authentication_type.path} is password, but no password is set", _log_in(user))
    elif held:
        yield _Fault(f"{held[0].path} is set beside {written}", f"remove {held[0].path}")
    if kind is AuthenticationType.IAM:
        yield from _name_faults(user)
    if kind is not AuthenticationType.NO_PASSWORD:
        yield from _flag_fault(user, written)


def _flag_fault(user: User, beside: str) -> Iterator[_Fault]:
    try:
        no_password = user.no_password_required.value
    except CannotTellError:
        return
    if no_password:
        yield _Fault(f"noPasswordRequired is true beside {beside}", "remove noPasswordRequired")


def _name_faults(user: User) -> Iterator[_Fault]:
    """With IAM, id and name are the same; case is the matter of lower-case names."""
    user_id, user_name = user.user_id.known, user.user_name.known
    if user.is_default:
        yield _Fault(
            'userName "default" cannot log in with IAM: its userId would have to be "default", which AWS has taken',
            fixes.replace_default(user),
        )
    elif user_id is not None and user_name is not None and user_id.lower() != user_name.lower():
        yield _Fault("userId and userName differ, and with IAM they must be the same", fixes.names(user))


POLICY = Policy(
    id="elasticache-user-valid-authentication",
    display_name="Valid authentication settings for ElastiCache users",
    description="The authentication settings of an ElastiCache user must be ones that AWS accepts.",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    tags=("elasticache", "correctness", "authentication"),
    fix="Correct the authentication settings that AWS refuses.",
    url=wording.RBAC_PAGE,
    judges=User,
    check=check,
    options=Options,
)
