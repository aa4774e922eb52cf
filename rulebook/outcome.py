"""What comes of running one policy on what it judges. Nothing that happens inside a policy reaches the others."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from elasticache.properties import CannotTellError, Marker
from rulebook.exemptions import AppliedExemption
from rulebook.policy import (
    Finding,
    Level,
    NotApplicable,
    NotApplicableError,
    NotChecked,
    OptionsT,
    Policy,
    SubjectT,
)

Result = Finding | NotChecked | NotApplicable
"""What a policy has to say of a subject; it says nothing of one that passes."""

_ROOT: Final = Path(__file__).resolve().parent.parent


class Outcome(msgspec.Struct, frozen=True):
    """What one policy has to say of one resource. It keeps the parts of a finding for the format that writes it."""

    policy: Policy[Any, Any]
    level: Level
    """The level that counts: advisory for what stops nobody, whatever the policy's own."""
    urn: str
    """The resource that it is about; empty where it is about the stack as a whole."""
    result: Result
    exemption: AppliedExemption | None = None
    """The exemption that covers a finding, in force or over."""

    @property
    def exempted(self) -> bool:
        """The finding is held back by an exemption in force."""
        return self.exemption is not None and not self.exemption.ended


def run(policy: Policy[SubjectT, OptionsT], subject: SubjectT, options: OptionsT) -> Iterator[Result]:
    """Run a policy on what it judges. Never raises.

    A failure inside the policy becomes a finding of it, so that a mandatory policy fails closed. It names the type
    of the failure and its place and nothing else, since the text of an exception can hold a secret.
    """
    try:
        yield from policy.check(subject, options)
    except NotApplicableError as failure:
        yield NotApplicable(failure.reason)
    except CannotTellError as unreadable:
        when = "`pulumi up` checks it" if unreadable.marker is Marker.UNKNOWN else "a run with the secret checks it"
        yield NotChecked(f"{unreadable}; {when}.")
    except Exception as failure:  # noqa: BLE001 - whatever it is, the other policies must still run
        yield _internal_error(failure)


def _internal_error(failure: Exception) -> Finding:
    frames = traceback.extract_tb(failure.__traceback__)
    place = "an unknown place"
    if frames:
        path = Path(frames[-1].filename)
        name = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path.name
        place = f"{name}:{frames[-1].lineno}"
    return Finding(
        found=f"This could not be checked: internal error ({type(failure).__name__} in {place}).",
        risk="The fault is the policy pack's. What the policy would find here is not known.",
        fix=(
            "Report it with this line. Until it is repaired, the level of this policy can be changed in the policy "
            "configuration."
        ),
    )
