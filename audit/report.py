"""What came of an audit, before any format writes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rulebook.exemptions import Exemption
from rulebook.outcome import Outcome
from rulebook.policy import Finding, NotApplicable, NotChecked


class Entry(NamedTuple):
    """An outcome, and the file that holds the resource."""

    outcome: Outcome
    file: str


@dataclass(slots=True)
class Report:
    """The outcomes of all sources, in the order in which they came."""

    any_policy_enabled: bool = True
    entries: list[Entry] = field(default_factory=list)
    sources: int = 0
    """Sources that could be read."""
    subjects: int = 0
    """Users, groups and memberships that were seen."""
    users: int = 0
    unused_exemptions: list[str] = field(default_factory=list)
    """Exemptions that cover nothing that was found: repaired, misspelt, or about another stack."""

    @property
    def nothing_judged(self) -> str | None:
        """Why nothing was judged, so that the report is not taken for a clean one; None when something was."""
        if not self.sources:
            return "no source could be read"
        if not self.any_policy_enabled:
            return "every policy is disabled"
        return None if self.subjects else "there are no ElastiCache users or user groups in it"

    def add(self, outcomes: Iterable[Outcome], file: str) -> None:
        """Take what policies had to say of one file."""
        self.entries += [Entry(outcome, file) for outcome in outcomes]

    @property
    def findings(self) -> list[Entry]:
        """What was found and is not held back by an exemption."""
        return [entry for entry in self._of(Finding) if not entry.outcome.exempted]

    @property
    def exempted(self) -> list[Entry]:
        """What was found and is held back."""
        return [entry for entry in self._of(Finding) if entry.outcome.exempted]

    @property
    def not_checked(self) -> list[Entry]:
        """What could not be checked."""
        return [*self._of(NotChecked)]

    @property
    def not_applicable(self) -> list[Entry]:
        """Policies that do not apply."""
        return [*self._of(NotApplicable)]

    def _of(self, kind: type[Finding | NotChecked | NotApplicable]) -> Iterator[Entry]:
        return (entry for entry in self.entries if isinstance(entry.outcome.result, kind))

    def note_unused(self, exemptions: Iterable[Exemption]) -> None:
        """Find the exemptions that cover nothing of this report."""
        found = [(entry.outcome.policy.id, entry.outcome.urn) for entry in self._of(Finding)]
        self.unused_exemptions = [
            f"exempt[{position}]: {exemption.resource} ({', '.join(exemption.policies)})"
            for position, exemption in enumerate(exemptions)
            if not any(exemption.covers(policy, urn) for policy, urn in found)
        ]
