"""The page on users of well-known software, from the tables of users and of what software needs.

`python -m tools.docs` writes it and checks it, as it does every generated part.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from acl.software_needs import NEEDS
from tests.support.well_known_users import WellKnownUser, well_known_users

PAGE: Final = "docs/well-known-users.md"

_ARTICLES: Final = ("a ", "an ", "the ")
"""How descriptions begin; names keep their first letter: redis-py."""

_BEGINNING: Final = """\
# Users of well-known software

<!-- All of this is written by `python -m tools.docs`, from tests/well_known_users.toml and acl/software_needs.py. -->

What would the pack say of a user for Celery, for a session store, for a monitoring agent? Below are {number} users as
people write them: {safe} whose access is fine, and {unsafe} that go too far or that AWS refuses.

- **Fine** means: limited to its own keys, with no power beyond them that the software does not need. None of these
  has a mandatory finding. An advisory one stops nobody; it says what the software's needs cost those who share the
  cache.
- Levels are those without configuration, or with the [profile](organization.md) that is named. strict.json raises
  them.
- A fix **takes away** commands: {working} of the users send what their software typically sends to a real server
  (Valkey 9.1), with their own string and with each fix pasted. Where a message offers two fixes, the second is meant.
  The fix of elasticache-user-scoped-keys guesses the keys from the user's name, so it takes away work on all others.
- Where a string is fine and fits your software, change its key patterns to yours. The newest line of both engines
  takes it, or that of the engine that is named. What the words mean: [access strings](access-strings.md).

All of this is run whenever this project is tested.
"""

_NEEDS: Final = """\
## What needs the commands that fixes take away

To keep a command, leave the finding as advice, or write an [exemption](policies/elasticache-exemptions.md) where it is
mandatory; the option [`which`](policies/elasticache-user-no-cache-wide-commands.md#options) says what counts.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    users = well_known_users()
    safe = sum(user.safe for user in users)
    working = sum(bool(user.work) for user in users)
    yield _BEGINNING.format(number=len(users), safe=safe, unsafe=len(users) - safe, working=working)
    yield from _summary(users)
    yield _NEEDS
    yield from _needs()
    for kind, of_kind in groupby(users, key=lambda user: user.kind):
        yield f"## {_capital(kind)}\n"
        for user in of_kind:
            yield from _user(user)


def _summary(users: tuple[WellKnownUser, ...]) -> Iterator[str]:
    yield "| kind | users | fine | nothing found | advice only | mandatory |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind, of_kind in groupby(users, key=lambda user: user.kind):
        rows = [*of_kind]
        levels = [{level for _, level in user.levels} for user in rows]
        counts = (
            len(rows),
            sum(user.safe for user in rows),
            sum(not found for found in levels),
            sum(found == {"advisory"} for found in levels),
            sum("mandatory" in found for found in levels),
        )
        yield f"| [{_capital(kind)}](#{_anchor(kind)}) | {' | '.join(map(str, counts))} |"
    yield ""


def _needs() -> Iterator[str]:
    commands = dict.fromkeys(command for need in NEEDS for command in need.commands)
    yield "| command | needed by |"
    yield "| --- | --- |"
    for command in sorted(commands):
        software = [
            f"{need.software} ({need.function})" if need.function else need.software
            for need in NEEDS
            if command in need.commands
        ]
        yield f"| `{command.upper().replace('|', ' ')}` | {'; '.join(software)} |"
    yield ""


def _user(user: WellKnownUser) -> Iterator[str]:
    yield f"### `{user.id}`\n"
    software = _capital(user.software) if user.software.startswith(_ARTICLES) else user.software
    yield f"[{software}]({user.source}){_circumstances(user)}. {user.uses}\n"
    yield f"```text\n{user.access_string}\n```\n"
    verdict = "Fine" if user.safe else "Too much, or refused"
    yield f"**{verdict}.** {user.because}\n"
    findings = [
        f"- {' and '.join(sorted(level for found, level in user.levels if found == policy))}: "
        f"[{policy}](policies/{policy}.md){_lost(user, policy)}"
        for policy in user.findings
    ]
    yield "\n".join(findings or ["- nothing found"]) + "\n"


def _circumstances(user: WellKnownUser) -> str:
    """What is not as with most users: engine, login, names, profile."""
    parts = []
    if len(user.engines) == 1:
        parts.append(f"engine {user.engines[0]}")
    if user.user_name is not None:
        parts.append(f"userName `{user.user_name}`")
    if user.login == "none":
        parts.append("no password required")
    elif user.login != "iam":
        parts.append(f"login by {user.login}")
    if user.profile is not None:
        parts.append(f"profile {user.profile}")
    return f" ({', '.join(parts)})" if parts else ""


def _lost(user: WellKnownUser, policy: str) -> str:
    commands = user.lost.get(policy)
    if commands is None:
        return ""
    if not commands:
        return "; its fix takes nothing away that the software sends"
    return f"; its fix takes away {', '.join(f'`{command}`' for command in commands)}"


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _anchor(kind: str) -> str:
    kept = "".join(letter for letter in kind.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")
