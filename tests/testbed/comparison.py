"""Hold the parser of access strings against the real servers.

A comparison gives each string to the server (ACL SETUSER, its words split at white space) and to the parser, and holds
against each other:

- whether the string is accepted, and for which reason the first refused rule is refused;
- for every command of the server's table whether it is granted;
- calls with keys, channels, first arguments and databases in and out of the string's patterns: allowed or not.
"""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Final

from acl.access_string import AccessString, parse
from acl.commands import CommandTable, commands_of
from acl.rules import Problem
from acl.selector import Selector
from tests.testbed.call_forms import CallForms
from tests.testbed.command_survey import TABLE
from tests.testbed.random_access_strings import near_misses, patterns_in
from tests.testbed.servers import RunningServer
from tests.testbed.verdicts import Call, Form, Judge, Question, RawLink, Verdict, judge_of

STRINGS_PER_BATCH: Final = 25
_CALLS_PER_STRING: Final = 40
_TRIES_WHEN_SHRINKING: Final = 2000
_SERVER_DATABASES: Final = 16
"""How many databases a server has without a setting; greater numbers are checked by no rule."""
_CALLING_FROM: Final = (0, 1, 2, 3, 15)

_CHANNELS: Final[Mapping[str, slice]] = {
    **dict.fromkeys(("publish", "spublish"), slice(1, 2)),
    **dict.fromkeys(("subscribe", "ssubscribe", "psubscribe"), slice(1, None)),
}
"""Command to the words of its call that are channels."""

_REASONS: Final = {
    Problem.SYNTAX: "Syntax error",
    Problem.UNKNOWN_NAME: "Unknown command or category name in ACL",
    Problem.AFTER_ALL_KEYS: "Adding a pattern after the * pattern (or the 'allkeys' flag)",
    Problem.AFTER_ALL_CHANNELS: "Adding a pattern after the * pattern (or the 'allchannels' flag)",
    Problem.SUBCOMMAND_ARGUMENT: "Allowing first-arg of a subcommand is not supported",
    Problem.UNKNOWN_PASSWORD: "The password you are trying to remove from the user does not exist",
    Problem.PASSWORD_HASH: "The password hash must be exactly 64 characters",
    Problem.DATABASE_RANGE: "The provided database ID is out of range",
    Problem.UNMATCHED_PARENTHESIS: "Unmatched parenthesis in acl selector",
}
"""What servers say, or begin to say, where the parser finds a problem."""


@dataclass(frozen=True)
class Difference:
    """Server and parser disagree on a string."""

    text: str
    call: Call | None
    """What they disagree over; None for the string itself."""
    server_said: str
    parser_said: str

    def __str__(self) -> str:
        """Tell people which string, which call, and who said what."""
        over = "the string itself"
        if self.call:
            words = " ".join(repr(word.decode("utf-8", "surrogateescape")) for word in self.call.words)
            over = f"{words} from database {self.call.database}"
        return f"string: {self.text!r}\n  over: {over}\n  server: {self.server_said}\n  parser: {self.parser_said}"


class Comparison:
    """Compares the parser with one running server; `comparison_with` makes one."""

    def __init__(self, judge: Judge, forms: CallForms, table: CommandTable, seed: int) -> None:
        """Prepare the calls; see `comparison_with`."""
        self._judge = judge
        self._forms = forms.by_command
        self._table = table
        self._seed = seed
        self._databases = _database_rules(table.line.id)
        self._plain_calls = [Call(several[0], several[0].words, 0) for several in self._forms.values()]
        self.verdicts: Counter[Verdict] = Counter()
        """What the server has said so far, over all calls that both sides have judged."""
        self.valid_strings = 0
        """How many strings so far were valid, so that calls could be judged at all."""

    @property
    def calls(self) -> int:
        """How many calls both sides have judged so far."""
        return self.verdicts.total()

    def differences(self, texts: Sequence[str]) -> Iterator[Difference]:
        """Compare each string and yield what differs, one difference per string at most."""
        remaining = iter(texts)
        while batch := list(islice(remaining, STRINGS_PER_BATCH)):
            valid: list[tuple[str, AccessString, Question]] = []
            for text in batch:
                meaning = parse(text, self._table)
                if difference := self._over_validity(text, meaning):
                    yield difference
                elif meaning.valid:
                    calls = self._plain_calls + self._random_calls(text, meaning)
                    valid.append((text, meaning, Question(words_of(text), calls)))
            answers = self._judge.verdicts([question for _, _, question in valid])
            for (text, meaning, question), said in zip(valid, answers, strict=True):
                self.valid_strings += 1
                self.verdicts.update(said)
                if difference := self._over_calls(text, meaning, question.calls, said):
                    yield difference

    def smallest(self, difference: Difference) -> Difference:
        """Take words, then letters, off the string as long as server and parser disagree over the same call."""
        tries = _TRIES_WHEN_SHRINKING
        for separator in (" ", ""):
            pieces = difference.text.split() if separator else list(difference.text)
            place = 0
            while place < len(pieces) and tries:
                tries -= 1
                fewer = pieces[:place] + pieces[place + 1 :]
                if still := self._compare_again(separator.join(fewer), difference.call):
                    difference, pieces = still, fewer
                    place = 0
                else:
                    place += 1
        return difference

    def _compare_again(self, text: str, call: Call | None) -> Difference | None:
        meaning = parse(text, self._table)
        over_validity = self._over_validity(text, meaning)
        if call is None or over_validity or not meaning.valid:
            return over_validity if call is None else None
        (said,) = self._judge.verdicts([Question(words_of(text), [call])])
        return self._over_calls(text, meaning, [call], said)

    def _over_validity(self, text: str, meaning: AccessString) -> Difference | None:
        refusal = self._judge.refusal(words_of(text))
        if refusal is None and meaning.valid:
            return None
        if refusal is not None and any(_REASONS[problem] in refusal for problem in _first_problems(meaning)):
            return None
        parser_says = "; ".join(str(rejection) for rejection in meaning.rejections)
        return Difference(text, None, refusal or "valid", parser_says or "valid")

    def _over_calls(
        self, text: str, meaning: AccessString, calls: Sequence[Call], said: Sequence[Verdict]
    ) -> Difference | None:
        # A server looks at the database before the command, so under database rules its reason says nothing.
        limited = _limits_databases(meaning)
        for call, verdict in zip(calls, said, strict=True):
            expected = self._expected(meaning, call)
            agree = expected is verdict or (limited and Verdict.ALLOWED not in {expected, verdict})
            if not agree:
                return Difference(text, call, verdict.value, expected.value)
        return None

    def _expected(self, meaning: AccessString, call: Call) -> Verdict:
        bit = self._table.index[call.form.command]
        exempt = self._table.no_auth >> bit & 1
        first = call.words[1] if len(call.words) > 1 and "|" not in call.form.command else None
        granting = [selector for selector in meaning.selectors if exempt or selector.allows_command(bit, first)]
        if any(self._reaches(selector, call) for selector in granting):
            return Verdict.ALLOWED
        return Verdict.NO_ACCESS if granting else Verdict.NO_COMMAND

    def _reaches(self, selector: Selector, call: Call) -> bool:
        channels = call.words[_CHANNELS[call.form.command]] if call.form.command in _CHANNELS else ()
        is_pattern = call.form.command == "psubscribe"
        return (
            all(selector.allows_key(call.words[place], needs) for place, needs in call.form.keys)
            and all(selector.allows_channel(channel, is_pattern=is_pattern) for channel in channels)
            and self._reaches_databases(selector.databases, call)
        )

    def _reaches_databases(self, allowed: frozenset[int] | None, call: Call) -> bool:
        if allowed is None:
            return True
        name = call.form.command
        if name in self._databases["all"] or (name in self._databases["current"] and call.database not in allowed):
            return False
        return name not in self._databases["named"] or allowed.issuperset(_named_databases(call.words))

    def _random_calls(self, text: str, meaning: AccessString) -> list[Call]:
        """Calls of commands that the string grants somewhere, with keys and channels near its patterns."""
        random = Random(f"{self._seed} {text}")
        granted = meaning.granted
        for selector in meaning.selectors:
            granted |= sum(1 << bit for bit in selector.first_arguments)
        forms = [form for name in self._table.names_in(granted) for form in self._forms.get(name, ())]
        if not forms:
            return []
        first = [argument for one in meaning.selectors for some in one.first_arguments.values() for argument in some]
        patterns = patterns_in(text)
        for selector in meaning.selectors:
            patterns += [*selector.key_patterns, *selector.channel_patterns]
        pool = [b"", b"a", b"k", b"app:1", b"*", *first, *patterns, *near_misses(patterns, random)]
        databases = _CALLING_FROM if _limits_databases(meaning) else _CALLING_FROM[:1]
        calls = [
            Call(form, _filled(form, pool, first, random), random.choice(databases))
            for form in random.choices(forms, k=_CALLS_PER_STRING)
        ]
        return sorted(calls, key=lambda call: call.database)


def _filled(form: Form, pool: Sequence[bytes], first: Sequence[bytes], random: Random) -> tuple[bytes, ...]:
    words = list(form.words)
    for place, _ in form.keys:
        words[place] = random.choice(pool)
    if form.command in _CHANNELS:
        channels = words[_CHANNELS[form.command]]
        words[_CHANNELS[form.command]] = random.choices(pool, k=len(channels))
    elif first and len(words) > 1 and form.takes_any_first_argument:
        argument = random.choice(first)
        words[1] = random.choice((words[1], argument, argument, argument.upper()))
    return tuple(words)


def _limits_databases(meaning: AccessString) -> bool:
    return any(selector.databases is not None for selector in meaning.selectors)


def _database_rules(server: str) -> dict[str, frozenset[str]]:
    rules = json.loads(TABLE.read_bytes())["databases"].get(server, {})
    return {rule: frozenset(names) for rule, names in rules.items()}


def _named_databases(words: Sequence[bytes]) -> Sequence[int]:
    """Return the databases that a call names; none when one of them is not a database: the call fails then."""
    match words[0].lower():
        case b"select":
            named = words[1:2]
        case b"move":
            named = words[2:3]
        case b"swapdb":
            named = words[1:3]
        case b"copy":
            named = [words[at + 1] for at in range(3, len(words) - 1) if words[at].lower() == b"db"]
        case other:
            raise ValueError(f"which databases does {other!r} name?")
    numbers = [int(word) for word in named if re.fullmatch(rb"0|[1-9][0-9]?", word)]
    return numbers if len(numbers) == len(named) and all(number < _SERVER_DATABASES for number in numbers) else ()


def _first_problems(meaning: AccessString) -> set[Problem]:
    """Return what a server may name: the first problem, or an open parenthesis, which it looks for before all else."""
    problems = [rejection.problem for rejection in meaning.rejections]
    return {*problems[:1], *({Problem.UNMATCHED_PARENTHESIS} & set(problems))}


def words_of(text: str) -> list[bytes]:
    """Split the string as the parser promises to: at ASCII white space."""
    return text.encode("utf-8", "surrogatepass").split()


@contextlib.contextmanager
def comparison_with(started: RunningServer, table: CommandTable | None = None, seed: int = 0) -> Iterator[Comparison]:
    """Yield a comparison of the parser with a running server.

    :param table: the table to parse with, instead of the server's own; for planting faults.
    :param seed: decides which calls are tried; with the same strings the same seed tries the same calls.
    """
    table = table or commands_of(started.server.name)
    with started.connect() as link, contextlib.closing(RawLink(started.socket_path)) as raw:
        judge = judge_of(link, raw, has_dry_run=table.syntax.subcommands)
        yield Comparison(judge, CallForms(link), table, seed)
