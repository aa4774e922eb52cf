"""Previews the examples with a policy pack: `run.py PACK EXAMPLE CONFIG [EXAMPLE CONFIG]…`, an empty CONFIG for none.

Writes a line of JSON for each thing that a policy reported, for the user's inputs and for each error.
"""

import json
import runpy
import sys
from pathlib import Path

from pulumi import automation


class _Report:
    """Writes what the events of one preview hold, and remembers whether a policy blocked it."""

    def __init__(self, example: str) -> None:
        self._example = example
        self.blocked = False

    def __call__(self, event: automation.EngineEvent) -> None:
        if (reported := event.policy_event) is not None:
            self.blocked = self.blocked or reported.enforcement_level == "mandatory"
            self._tell(policy=reported.policy_name, level=reported.enforcement_level, message=reported.message)
        if (step := event.resource_pre_event) is not None and step.metadata.type == "aws:elasticache/user:User":
            self._tell(inputs=step.metadata.new and step.metadata.new.inputs)
        if (told := event.diagnostic_event) is not None and told.severity == "error":
            self._tell(error=told.message)

    def _tell(self, **what: object) -> None:
        sys.stdout.write(json.dumps({"example": self._example, **what}) + "\n")


def _preview(pack: str, example: str, config: str) -> None:
    def program() -> None:
        runpy.run_path(str(Path(__file__).with_name(f"{example.replace('-', '_')}.py")))

    stack = automation.create_stack(stack_name="prod", project_name=example, program=program)
    report = _Report(example)
    try:
        stack.preview(policy_packs=[pack], policy_pack_configs=[config] if config else [], on_event=report)
    except automation.CommandError:
        # A preview that a policy blocks ends as one that fails does.
        if not report.blocked:
            raise


def main() -> None:
    """Run the command line."""
    pack, *runs = sys.argv[1:]
    for example, config in zip(runs[::2], runs[1::2], strict=True):
        _preview(pack, example, config)


if __name__ == "__main__":
    main()
