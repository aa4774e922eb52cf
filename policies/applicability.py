"""Whom policies about access and login do not concern, decided the same way by all of them."""

from elasticache.effects import UserEffect
from elasticache.user import AuthenticationType, User
from rulebook.policy import NotApplicableError


def effect_if_enabled(user: User) -> UserEffect:
    """What an enabled user can do.

    :raises NotApplicableError: the access string is not a string, or leaves the user off.
    :raises CannotTellError: the access string is not known yet, or unreadable.
    """
    effect = user.effect
    if effect is None:
        raise NotApplicableError("accessString is not set to a string")
    if not user.is_on:
        raise NotApplicableError("the access string leaves the user off")
    return effect


def effect_if_limited(user: User) -> UserEffect:
    """What an enabled user who is not broad can do; broad users are reported by elasticache-user-no-broad-access.

    :raises NotApplicableError: the user is broad, or as above.
    :raises CannotTellError: the access string is not known yet, or unreadable.
    """
    effect = effect_if_enabled(user)
    if effect.broad:
        raise NotApplicableError("the user is broad, which elasticache-user-no-broad-access reports")
    return effect


def require_login(user: User) -> None:
    """Make sure that the user logs in at all. A string that cannot be read counts as on.

    :raises NotApplicableError: it does not.
    """
    if user.access_string.raw is None:
        raise NotApplicableError("accessString is not set")
    if not user.is_on:
        raise NotApplicableError("the access string leaves the user off")


def needs_credential(user: User) -> bool:
    """Whether a user needs a credential.

    :raises NotApplicableError: it is a Valkey user; AWS refuses those that need none.
    :raises CannotTellError: the properties that decide it are not known yet, or unreadable.
    """
    if user.is_valkey:
        raise NotApplicableError(
            "Valkey has no users without a credential, which elasticache-user-valid-authentication reports"
        )
    return user.authenticates_by is not AuthenticationType.NO_PASSWORD
