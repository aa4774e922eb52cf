"""Draw README's pictures from real runs, in light and dark: `python -m tools.pictures`, into docs/pictures.

    preview     pulumi preview of the guide's second user, the fix, and pulumi preview after it
    explain     what an access string that looks harmless reaches

Needs pulumi or Go, and installs what draws into an environment of its own. Exit code 1 with a line when a run differs
from what it should be, so that no picture shows a run that failed for another reason.
"""

import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from audit.explain import lines
from tests.testbed import ROOT, pulumi_cli, pulumi_yaml, stand_ins
from tests.testbed.pulumi_environment import isolated
from tools import environments

FOLDER: Final = ROOT / "docs" / "pictures"
STRING: Final = "on ~app:* +@read +@write"
_EXAMPLES: Final = ROOT / "examples" / "yaml"
BEFORE: Final = "iam-user"
AFTER: Final = "iam-user-scoped"
COLUMNS: Final = 112

_RED, _GREEN, _BOLD, _DIM, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_PLACE: Final = re.compile(r"(?:\x1b\[[0-9;]*m)* ?(?:\x1b\[[0-9;]*m)*\(local: [^)]*\)")
_PART: Final = len("found: ")
"""How far the parts of a finding are set in, below its description."""


class PictureError(Exception):
    """A run is not what its picture should show; the text says why."""


def preview() -> str:
    """The first picture's text, with a terminal's colours.

    :raises PictureError: the first run is not blocked by a policy, or the second has a finding.
    """
    with tempfile.TemporaryDirectory(prefix="pictures-") as home:
        blocked, before = _preview(BEFORE, Path(home))
        failed, after = _preview(AFTER, Path(home))
    if not blocked or "[mandatory]" not in before or failed or "[advisory]" in after:
        raise PictureError(f"{BEFORE} must be blocked and {AFTER} have no finding:\n{before}\n{after}")
    command = f"{_BOLD}$ pulumi preview --policy-pack ../aws-elasticache-users{_PLAIN}"
    edit = f"{_BOLD}$ git diff{_PLAIN}"
    return "\n".join([command, before, "", edit, *_difference(), "", command, after])


def explain() -> str:
    """The second picture's text, with a terminal's colours."""
    shown = []
    for line in lines(STRING, "valkey"):
        reaches = line.startswith(("    - ", "      "))
        grants = line.startswith("    on ")
        shown.append(f"{_RED if reaches else _GREEN if grants else ''}{line}{_PLAIN}")
    return "\n".join([f"{_BOLD}$ python -m audit explain '{STRING}'{_PLAIN}", *shown])


PICTURES: Final[Mapping[str, str]] = {
    "preview": "pulumi preview stops a user that can erase the whole cache; after the fix it passes",
    "explain": f"What {STRING} reaches: it can erase everything, run code and list keys of others",
}
"""The pictures, to what they show, for those who do not see them."""


def _preview(example: str, home: Path) -> tuple[bool, str]:
    """Run `pulumi preview` in a copy of an example's folder: whether it failed, and what it printed of policies."""
    plugins, project, backend = home / "plugins", home / example, home / f"{example}-backend"
    if not plugins.exists():
        plugins.mkdir()
        stand_ins.install(plugins)
        pulumi_yaml.install(plugins)
    shutil.copytree(_EXAMPLES / example, project)
    backend.mkdir()
    environment = isolated(home / "pulumi", backend.as_uri(), plugins)
    cli = str(pulumi_cli.find_or_build())
    command = [cli, "--non-interactive", "stack", "init", "prod", "--secrets-provider", "passphrase"]
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
    command = [cli, "--non-interactive", "preview", "--stack", "prod", "--color", "always", "--policy-pack", str(ROOT)]
    done = subprocess.run(command, cwd=project, env=environment, check=False, capture_output=True, text=True)
    return done.returncode != 0, "\n".join(_policies(done.stdout))


def _policies(printed: str) -> Iterator[str]:
    """What a run says of policies and resources: without progress, and without the paths of this machine."""
    inside = False
    for line in printed.splitlines():
        plain = _COLOUR.sub("", line)
        inside = plain.startswith(("Policies:", "Resources:")) or (inside and plain.startswith(" "))
        if inside:
            yield from _wrapped(_PLACE.sub("", line))


def _wrapped(line: str) -> list[str]:
    """A line that is too long for the picture as several, set in below the part of the finding that it belongs to."""
    if len(_COLOUR.sub("", line)) <= COLUMNS:
        return [line]
    inset = " " * (len(line) - len(line.lstrip()) + _PART)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False)


def _difference() -> Iterator[str]:
    """The properties of the user that the fix changes."""
    old, new = ((_EXAMPLES / name / "Pulumi.yaml").read_text(encoding="utf-8").splitlines() for name in (BEFORE, AFTER))
    for line in difflib.ndiff(old, new):
        if line[:2] in {"- ", "+ "} and line[2:].startswith("      "):
            yield f"{_RED if line[0] == '-' else _GREEN}{line}{_PLAIN}"


def words_of(picture: Path) -> str:
    """The text of a picture, without any space, to compare it with a run."""
    root = ET.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    return _squeezed("".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")))


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", _COLOUR.sub("", text))


def is_current(name: str, text: str) -> bool:
    """Whether both pictures of a name show this text."""
    return all(words_of(FOLDER / f"{name}-{shade}.svg") == _squeezed(text) for shade in ("light", "dark"))


def main() -> int:
    """Run what the pictures show, and draw them."""
    try:
        programs = environments.ready("pictures")
        texts = {"preview": preview(), "explain": explain()}
    except (environments.EnvironmentMissingError, pulumi_cli.PulumiCliError, PictureError) as error:
        print(f"pictures: {error}", file=sys.stderr)
        return 1
    for name, text in texts.items():
        files = {shade: str(FOLDER / f"{name}-{shade}.svg") for shade in ("light", "dark")}
        asked = json.dumps({"title": PICTURES[name], "text": text, "columns": COLUMNS, **files})
        command = [str(programs / "python"), str(ROOT / "tools" / "draw_terminal.py")]
        subprocess.run(command, input=asked, text=True, check=True)
        print(f"{name}: {', '.join(str(Path(file).relative_to(ROOT)) for file in files.values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
