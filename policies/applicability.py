"""Whom policies about access do not concern, said the same way by all of them."""

from elasticache.effect import Effect
from elasticache.user import User
from policies.policy import NotApplicable


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
