"""The text of an outcome, as every format that writes for people puts it together."""

from typing import Final

from acl.hiding import printable
from rulebook.exemptions import AppliedExemption
from rulebook.outcome import Outcome
from rulebook.policy import Finding, NotApplicable, Policy

WARNING_DAYS: Final = 14
"""From so many days before its end on, an exemption says that it ends."""
PAGES: Final = "docs/policies/"
"""Where the pages of policies live: set it to their URL once the project has a public home. Until then it is the path
in the repository; the published archive holds no pages."""
_NOT_CHECKED: Final = "Not checked: "


def message_of(outcome: Outcome) -> str:
    """The lines under the policy's description, which comes first; a terminal obeys none of their letters."""
    result = outcome.result
    if isinstance(result, NotApplicable):
        return printable(result.reason)
    if not isinstance(result, Finding):
        return printable(f"{_NOT_CHECKED}{result.reason}")
    policy, exemption = outcome.policy, outcome.exemption
    lines = [f"found: {result.found}", f"risk:  {result.risk}", f"fix:   {result.fix}"]
    if result.alternative:
        lines.append(f"or:    {result.alternative}")
    lines.append(f"docs:  {docs_of(policy)}")
    if exemption is not None and exemption.ended:
        lines.append(f"Its exemption ended on {exemption.end}. It was given for this reason: {exemption.reason}")
    elif exemption is not None:
        ends = f"{policy.id} is violated here, and exempted {_until(exemption)}."
        lines = [ends, f"Reason: {exemption.reason}", *lines]
    return "\n".join(map(printable, lines))


def docs_of(policy: Policy[object, object]) -> str:  # type: ignore[type-var]
    """Where to read on: the policy's page, and that of AWS."""
    return f"{PAGES}{policy.id}.md, {policy.url}"


def _until(exemption: AppliedExemption) -> str:
    left = exemption.days_left
    if left > WARNING_DAYS:
        return f"until {exemption.end}"
    when = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
    return f"until {exemption.end}, which is {when}; after that the finding is back"
