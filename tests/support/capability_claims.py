"""What `effect_of` claims of an access string, and what became of the claims on a real server."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from acl.access_string import AccessString
from acl.effect import effect_of

READ_ANY_KEY: Final = "read-any-key"
WRITE_ANY_KEY: Final = "write-any-key"
USE_ANY_CHANNEL: Final = "use-any-channel"
EVERY_KEY: Final = "every-key"
"""Stands for `Effect.every_key` among the ids of the capabilities."""


@dataclass(frozen=True)
class Contradiction:
    """The server and `effect_of` disagree."""

    text: str
    capability: str
    claimed: bool
    shown_by: str
    """The key or call on which the server says otherwise."""

    def __str__(self) -> str:
        """Who says what about which string."""
        claim = "holds" if self.claimed else "lacks"
        return f"{self.text!r} {claim} {self.capability} by effect_of, but on the server: {self.shown_by}"


@dataclass
class Tally:
    """How often each claim was held against the server."""

    agreed: dict[tuple[str, bool], int] = field(default_factory=dict)
    """(capability, claimed) to the number of strings."""
    unconfirmed: list[tuple[str, str]] = field(default_factory=list)
    """(string, capability) where no key was found that shows a no; the string allowed all that were tried."""
    unfitting: list[tuple[str, str]] = field(default_factory=list)
    """(string, capability) held only by what no call fits, as `+bitop|x`, `~b* +rename|a`, or COPY to what is not read.

    The claim errs on the side of caution there.
    """
    refused: list[str] = field(default_factory=list)
    """Strings that the server does not take."""

    def add(self, capability: str, *, claimed: bool) -> None:
        """Count one claim that the server bears out."""
        self.agreed[capability, claimed] = self.agreed.get((capability, claimed), 0) + 1


def claims_of(access: AccessString) -> AbstractSet[str]:
    """The capabilities that `effect_of` finds, with `EVERY_KEY`."""
    effect = effect_of(access)
    return {*effect.commands_by_capability, *([EVERY_KEY] if effect.every_key else [])}
