"""From the type token of a resource to what policies judge: the one place that knows how resources are spelled.

Another spelling of a resource is one more row here, with a reader of its shape; rules and their runners know nothing
of spellings.
"""

from collections.abc import Callable, Mapping
from typing import Final

from elasticache.user import User
from elasticache.user_group import UserGroup, UserGroupAssociation

Subject = User | UserGroup | UserGroupAssociation
"""A resource, typed."""

Reader = Callable[[Mapping[str, object]], Subject]
"""Makes the typed resource out of properties as `rulebook.wire.decode` leaves them; it reads none of them yet."""

READERS: Final[Mapping[str, Reader]] = {
    # The tokens of the AWS provider. The short forms arrive as they are when a program writes them by hand.
    "aws:elasticache/user:User": User,
    "aws:elasticache:User": User,
    "aws:elasticache/userGroup:UserGroup": UserGroup,
    "aws:elasticache:UserGroup": UserGroup,
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": UserGroupAssociation,
    "aws:elasticache:UserGroupAssociation": UserGroupAssociation,
}
"""Type token to the reader of that shape."""


def subject_of(token: str, properties: Mapping[str, object]) -> Subject | None:
    """The resource as policies judge it; None where no policy concerns resources of this type."""
    reader = READERS.get(token)
    return None if reader is None else reader(properties)
