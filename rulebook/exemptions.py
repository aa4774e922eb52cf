"""The register of exemptions: who may break which rule, why, and until when.

An exempted finding stops nobody. The register tells it as advice, with reason and date, so that nobody takes it for
a pass; after the date the finding is back.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Final

import msgspec

from rulebook import wording
from rulebook.options import Options

WARNING_DAYS: Final = 14
"""From so many days before its end on, an exemption says that it ends."""


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the register."""

    policies: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    """The ids of the policies whose findings are held back."""
    resource: str
    """A pattern on the URN, with `*` and `?`, that names stack and project."""
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    expires: date
    """The last day, by UTC."""

    def covers(self, policy: str, urn: str) -> bool:
        """Whether the entry is about a finding of the policy on the resource."""
        return policy in self.policies and _pattern(self.resource).fullmatch(urn) is not None


class ExemptionsOptions(Options, frozen=True):
    """The options of elasticache-exemptions."""

    exempt: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The exemptions in force on a day."""

    exemptions: tuple[Exemption, ...]
    today: date

    def find(self, policy: str, urn: str) -> Exemption | None:
        """The entry that covers a finding, the one that ends last if there are several; it may have ended."""
        covering = [exemption for exemption in self.exemptions if exemption.covers(policy, urn)]
        return max(covering, key=lambda exemption: exemption.expires, default=None)

    def has_ended(self, exemption: Exemption) -> bool:
        """The last day is over."""
        return exemption.expires < self.today

    def advice(self, exemption: Exemption, policy: str, message: str) -> str:
        """What the register says of a finding that it holds back."""
        left = (exemption.expires - self.today).days
        ends = f"until {exemption.expires.isoformat()}"
        if left <= WARNING_DAYS:
            when = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
            ends += f", which is {when}; after that the finding is back"
        return f"{policy} is violated here, and exempted {ends}.\nReason: {exemption.reason}\n{message}"

    def reminder(self, exemption: Exemption) -> str:
        """What a finding adds whose exemption has ended."""
        return (
            f"Its exemption ended on {exemption.expires.isoformat()}. It was given for this reason: {exemption.reason}"
        )


def utc_today() -> date:
    """The clock of the register."""
    return datetime.now(UTC).date()


Clock = Callable[[], date]

_NAMES_STACK_AND_PROJECT: Final = re.compile(r"urn:pulumi:[^*?:]+::[^*?:]+::.+")


def mistake_in(options: ExemptionsOptions, known: Collection[str]) -> str | None:
    """What is wrong with the entries beyond their types, as one line; None when nothing is.

    :param known: the ids that an entry may name.
    """
    for position, exemption in enumerate(options.exempt):
        entry = f"option exempt[{position}]"
        for name in exemption.policies:
            if name not in known:
                return f'{entry}.policies: no policy is named "{name}"{wording.nearest(name, known)}'
        if not _NAMES_STACK_AND_PROJECT.fullmatch(exemption.resource):
            return (
                f"{entry}.resource: {wording.quoted(exemption.resource)} does not name stack and project; "
                "write urn:pulumi:STACK::PROJECT::… with both in full, and * and ? behind them only"
            )
        if not exemption.reason.strip():
            return f"{entry}.reason: it is empty; say why, for those who come to it later"
    return None


@cache
def _pattern(resource: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(letter, re.escape(letter)) for letter in resource), re.DOTALL)
