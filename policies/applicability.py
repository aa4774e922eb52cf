"""Whom policies about access and login do not concern, said the same way by all of them."""

from acl.effect import Effect
from elasticache.user import AuthenticationType, User
from rulebook.policy import NotApplicable


def effect_when_on(user: User) -> Effect | NotApplicable:
    """What a user who is on can do.

    :raises CannotTellError: the access string is not known yet, or unreadable.
    """
    effect = user.effect
    if effect is None:
        return NotApplicable("accessString is not set to a string")
    return effect if user.is_on else NotApplicable("the access string leaves the user off")


def effect_when_limited(user: User) -> Effect | NotApplicable:
    """What a user who is on and not broad can do; broad users are told by elasticache-user-no-broad-access.

    :raises CannotTellError: the access string is not known yet, or unreadable.
    """
    effect = effect_when_on(user)
    if isinstance(effect, Effect) and effect.broad:
        return NotApplicable("the user is broad, which elasticache-user-no-broad-access tells")
    return effect


def cannot_log_in(user: User) -> NotApplicable | None:
    """Why a user does not log in at all; None where it does. A string that cannot be read counts as on."""
    if user.access_string.raw is None:
        return NotApplicable("accessString is not set")
    return None if user.is_on else NotApplicable("the access string leaves the user off")


def needs_credential(user: User) -> bool | NotApplicable:
    """Whether a user needs a credential; Valkey has no users without one, and AWS refuses them.

    :raises CannotTellError: the properties that decide it are not known yet, or unreadable.
    """
    if user.is_valkey:
        return NotApplicable(
            "Valkey has no users without a credential, which elasticache-user-valid-authentication tells"
        )
    return user.authenticates_by is not AuthenticationType.NO_PASSWORD
