"""An ElastiCache user, typed: `aws:elasticache/user:User` of the Pulumi AWS provider (7.51.1)."""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import Final

from acl.access_string import AccessString, parse
from acl.effect import effect_of
from elasticache.effects import UserEffect
from elasticache.properties import ABSENT, CannotTellError, Flag, Marker, Passwords, Secret, Text, reveal
from elasticache.service import commands_for, tables_for

DEFAULT_USER_NAME: Final = "default"
"""Connections that present no user name act as the user of this name, with exactly this case."""


class AuthenticationType(Enum):
    """How a user logs in."""

    IAM = "iam"
    PASSWORD = "password"  # noqa: S105 - the name of a mode, not a password
    NO_PASSWORD = "no-password-required"  # noqa: S105 - likewise


_AUTHENTICATION_TYPES: Final[Mapping[str, AuthenticationType]] = {
    **{kind.value: kind for kind in AuthenticationType},
    # what AWS, and so a refreshed state, calls the mode whose input is no-password-required
    "no-password": AuthenticationType.NO_PASSWORD,
}


class User:
    """A user by its properties, each read when a rule asks for it.

    :param properties: the resource's properties by their Pulumi names. Values are those of JSON, with a `Marker` in
        place of what is not known yet or cannot be read, and `Secret` around what carries a secret mark; null is the
        same as absent.
    """

    def __init__(self, properties: Mapping[str, object]) -> None:
        self._properties = properties

    def __repr__(self) -> str:
        """No value of any property."""
        return "User(…)"

    def _text(self, name: str) -> Text:
        return Text.of(name, self._properties.get(name))

    @cached_property
    def user_id(self) -> Text:
        """`userId`: ElastiCache stores it in lower case."""
        return self._text("userId")

    @cached_property
    def user_name(self) -> Text:
        """`userName`: what clients log in with, case-sensitive."""
        return self._text("userName")

    @cached_property
    def engine(self) -> Text:
        """`engine`: redis or valkey, in any case."""
        return self._text("engine")

    @cached_property
    def access_string(self) -> Text:
        """`accessString`."""
        return self._text("accessString")

    @cached_property
    def is_default(self) -> bool:
        """The user that connections without a user name act as; false when the name is not known."""
        return self.user_name.known == DEFAULT_USER_NAME

    @cached_property
    def is_valkey(self) -> bool:
        """The engine is known to be Valkey."""
        return (self.engine.known or "").lower() == "valkey"

    @cached_property
    def tag_keys(self) -> frozenset[str]:
        """The keys of `tags` that have a value, known or not.

        :raises CannotTellError: `tags` as a whole is not known yet, or unreadable.
        """
        tags = reveal(self._properties.get("tags"))
        if isinstance(tags, Marker):
            raise CannotTellError("tags", tags)
        return (
            frozenset(key for key, value in tags.items() if value is not None)
            if isinstance(tags, Mapping)
            else frozenset()
        )

    @property
    def no_password_path(self) -> str:
        """The property, with its value, that says that no credential is needed."""
        written = self.authentication_type.known
        return "noPasswordRequired: true" if written is None else f"authenticationMode.type {written}"

    @cached_property
    def access(self) -> AccessString | None:
        """The access string, parsed for the newest server of the user's engine; None when it is absent or no string.

        :raises CannotTellError: the string is not known yet, or unreadable.
        """
        text = self.access_string.value
        return None if text is None else parse(text, commands_for(self.engine.known or ""))

    @cached_property
    def effect(self) -> UserEffect | None:
        """What the access string lets the user do; None when it is absent or not a string.

        :raises CannotTellError: the string is not known yet, or unreadable.
        """
        text, access = self.access_string.value, self.access
        if text is None or access is None:
            return None
        others = [parse(text, table) for table in tables_for(self.engine.known or "")[1:]]
        return UserEffect(tuple(map(effect_of, (access, *others))))

    @cached_property
    def is_on(self) -> bool:
        """The last of the tokens `on` and `off` is `on`, or the string cannot be read."""
        try:
            access = self.access
        except CannotTellError:
            return True
        return self.access_string.malformed if access is None else access.enabled

    @cached_property
    def authentication_mode(self) -> Mapping[str, object]:
        """`authenticationMode`; empty when absent.

        :raises CannotTellError: it is not known yet, or unreadable, as a whole.
        """
        self.require_authentication_mode()
        return self._mode if isinstance(self._mode, Mapping) else ABSENT

    @cached_property
    def _mode(self) -> object:
        return reveal(self._properties.get("authenticationMode"))

    def require_authentication_mode(self) -> None:
        """Make sure that what `authenticationMode` holds can be read.

        :raises CannotTellError: it is not known yet, or unreadable, as a whole.
        """
        if isinstance(self._mode, Marker):
            raise CannotTellError("authenticationMode", self._mode)

    @cached_property
    def authentication_type(self) -> Text:
        """`authenticationMode.type` as written.

        :raises CannotTellError: `authenticationMode` is not known yet, or unreadable, as a whole.
        """
        written = Text.of("authenticationMode.type", self.authentication_mode.get("type"))
        marked = written.secret or isinstance(self._properties.get("authenticationMode"), Secret)
        # the names of the modes are public, whatever carries the mark
        return written._replace(secret=marked and (written.known or "").lower() not in _AUTHENTICATION_TYPES)

    @cached_property
    def authenticates_by(self) -> AuthenticationType | None:
        """How the user logs in, by `authenticationMode.type` or else by the older properties; None when none says.

        :raises CannotTellError: the properties that decide it are not known yet, or unreadable.
        """
        written = self.authentication_type.value
        if written is not None:
            return _AUTHENTICATION_TYPES.get(written.lower())
        if any(passwords.present for passwords in self.passwords) or self.write_only_password.present:
            return AuthenticationType.PASSWORD
        return AuthenticationType.NO_PASSWORD if self.no_password_required.value else None

    @cached_property
    def passwords(self) -> tuple[Passwords, ...]:
        """`passwords`, and `authenticationMode.passwords` where the mode can be read."""
        found = [Passwords("passwords", self._properties.get("passwords"))]
        if isinstance(self._mode, Mapping):
            found.append(Passwords("authenticationMode.passwords", self._mode.get("passwords")))
        return tuple(found)

    @cached_property
    def write_only_password(self) -> Passwords:
        """`passwordsWo`, one string; where only `passwordsWoVersion` is kept, it is present and unreadable."""
        value = self._properties.get("passwordsWo")
        if value is None and self._properties.get("passwordsWoVersion") is not None:
            value = Marker.UNREADABLE
        return Passwords("passwordsWo", value)

    @cached_property
    def has_authentication_mode(self) -> bool:
        """`authenticationMode` is set to something."""
        return self._mode is not None

    @cached_property
    def password_count(self) -> int:
        """`authenticationMode.passwordCount` of refreshed state: how many passwords AWS holds, 0 when absent."""
        count = self._mode.get("passwordCount") if isinstance(self._mode, Mapping) else None
        return int(count) if isinstance(count, int | float) else 0

    @cached_property
    def no_password_required(self) -> Flag:
        """`noPasswordRequired`."""
        return Flag("noPasswordRequired", self._properties.get("noPasswordRequired"))
