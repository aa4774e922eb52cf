"""The text of an outcome, as every format that writes for people puts it together."""

from typing import Final

from rulebook.exemptions import AppliedExemption
from rulebook.outcome import Outcome
from rulebook.policy import Finding, NotApplicable, Policy

WARNING_DAYS: Final = 14
"""From so many days before its end on, an exemption says that it ends."""
_NOT_CHECKED: Final = "Not checked: "


def message_of(outcome: Outcome) -> str:
    """The lines under the policy's description, which comes first."""
    result = outcome.result
    if isinstance(result, NotApplicable):
        return result.reason
    if not isinstance(result, Finding):
        return f"{_NOT_CHECKED}{result.reason}"
    policy, exemption = outcome.policy, outcome.exemption
    lines = [result.found, result.risk, result.fix, docs_of(policy)]
    if exemption is not None and exemption.ended:
        lines.append(f"Its exemption ended on {exemption.end}. It was given for this reason: {exemption.reason}")
    elif exemption is not None:
        ends = f"{policy.id} is violated here, and exempted {_until(exemption)}."
        lines = [ends, f"Reason: {exemption.reason}", *lines]
    return "\n".join(lines)


def docs_of(policy: Policy[object, object]) -> str:  # type: ignore[type-var]
    """The last line of a finding: where to read on."""
    return f"See docs/policies/{policy.id}.md of this pack, and {policy.url}"


def _until(exemption: AppliedExemption) -> str:
    left = exemption.days_left
    if left > WARNING_DAYS:
        return f"until {exemption.end}"
    when = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
    return f"until {exemption.end}, which is {when}; after that the finding is back"
