"""Exemptions: who may break which rule, why, and until when.

An exempted finding stops nobody. It is reported as advice, with reason and date, so that nobody takes it for a pass;
after the date the finding is back.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple

import msgspec

from rulebook import wording
from rulebook.options import Mistake, Options
from rulebook.urns import matches, mistake_in_pattern


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the option `exempt`."""

    policies: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    """The ids of the policies whose findings are held back."""
    resource: str
    """A pattern on the URN: stack and project in full, then type and name, where `*` and `?` may stand.

    It is matched part by part, so a `*` never reaches from one part into another.
    """
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    expires: date
    """The last day, by UTC."""

    def covers(self, policy: str, urn: str) -> bool:
        """Whether the entry is about a finding of the policy on the resource."""
        return policy in self.policies and matches(self.resource, urn)


class ExemptionsOptions(Options, frozen=True):
    """The options of elasticache-exemptions."""

    exempt: tuple[Exemption, ...] = ()


def entries_of(options: Options) -> tuple[Exemption, ...]:
    """The exemptions among the options of a policy."""
    return options.exempt if isinstance(options, ExemptionsOptions) else ()


class AppliedExemption(NamedTuple):
    """The exemption that covers a finding, on a day."""

    exemption: Exemption
    days_left: int
    """Until the last day, which has 0; negative when it is over."""

    @property
    def ended(self) -> bool:
        """The last day is over, so that the finding is back."""
        return self.days_left < 0

    @property
    def reason(self) -> str:
        """Why the exemption was given."""
        return self.exemption.reason

    @property
    def end(self) -> str:
        """The last day, in ISO form."""
        return self.exemption.expires.isoformat()


class Exemptions(msgspec.Struct, frozen=True):
    """The exemptions of a configuration, on a day."""

    entries: tuple[Exemption, ...]
    today: date

    def covering(self, policy: str, urn: str) -> AppliedExemption | None:
        """The entry that covers a finding, the one that ends last if there are several; it may be over."""
        covering = [exemption for exemption in self.entries if exemption.covers(policy, urn)]
        last = max(covering, key=lambda exemption: exemption.expires, default=None)
        return None if last is None else AppliedExemption(last, (last.expires - self.today).days)


def utc_today() -> date:
    """The date by which exemptions end."""
    return datetime.now(UTC).date()


Clock = Callable[[], date]


def mistake_in(options: Options, known: Collection[str]) -> Mistake | None:
    """What is wrong with the entries beyond their types; None when nothing is.

    :param known: the ids that an entry may name.
    """
    for position, exemption in enumerate(entries_of(options)):
        entry = f"option exempt[{position}]"
        for place, name in enumerate(exemption.policies):
            if name not in known:
                text = f"{entry}.policies: no policy is named {wording.quoted(name)}{wording.nearest(name, known)}"
                return Mistake(text, ("exempt", position, "policies", place))
        if (mistake := mistake_in_pattern(exemption.resource)) is not None:
            text = f"{entry}.resource: {wording.quoted(exemption.resource)} {mistake}"
            return Mistake(text, ("exempt", position, "resource"))
        if not exemption.reason.strip():
            text = f"{entry}.reason is empty: say why, for those who come to it later"
            return Mistake(text, ("exempt", position, "reason"))
    return None
