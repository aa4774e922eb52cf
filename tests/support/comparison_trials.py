"""Comparisons of access strings held against real servers.

Each call that a comparison shows must be allowed under the one string and refused under the other. And for each command
without such a call, hundreds of calls near the edges of both strings' patterns are tried, made of forms that the server
itself was asked for, and none may be allowed under the one string and refused under the other.
"""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from acl.access_string import AccessString, parse
from acl.call_search import CallSearch
from acl.calls import calls_of
from acl.commands import CommandTable
from acl.comparison import Comparison, compare
from acl.coverage import Effort
from acl.permission_lists import Known, permission_lists
from tests.support.capability_trials import CapabilityTrials, trials_on
from tests.support.channel_defaults import without_channels_first
from tests.support.keys_to_try import key_for
from tests.testbed.aimed_access_strings import aimed_strings
from tests.testbed.comparison import words_of
from tests.testbed.random_access_strings import RandomAccessStrings, near_misses
from tests.testbed.verdicts import Call, Form, Verdict

_PLENTY: Final = 10_000_000
_MOST_DATABASES: Final = 100_000
_CALLS_A_FORM: Final = 1
_FEW_CALLS: Final = 400
_HALF: Final = 0.5
_NUMBER: Final = re.compile(rb"0|[1-9][0-9]{0,4}")
_NAMING_DATABASES: Final = ("select", "swapdb", "move", "copy")
_CHANNELS: Final = ("publish", "spublish", "subscribe", "ssubscribe", "psubscribe")
_FIXED_FIRST: Final = frozenset({"select", "swapdb", *_CHANNELS})
_FREE_BEFORE_KEYS: Final = frozenset(
    {
        *("bitop", "eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro", "blmpop", "bzmpop", "migrate"),
        "xreadgroup",
    }
)
"""Commands on keys whose first argument is none, and not needed to find them."""


_Witness = tuple[tuple[bytes, ...], int]
"""A call, and the database from which it is made."""


@dataclass
class Tally:
    """What was held against the server."""

    relations: Counter[str] = field(default_factory=Counter)
    shown: int = 0
    """Calls that a difference shows."""
    witnesses: int = 0
    """Calls, one for each command that differs."""
    calls: int = 0
    """Calls tried under both strings."""
    undecided: list[tuple[str, str]] = field(default_factory=list)
    run: int = 0
    """Calls of SORT that only running could judge."""


class ComparisonTrials:
    """Holds comparisons against one running server; `comparisons_on` makes one."""

    def __init__(self, trials: CapabilityTrials, seed: int) -> None:
        """Hold against the server of `trials`; the seed decides which calls are tried."""
        self._trials = trials
        self._seed = seed
        self.table: CommandTable = trials.table
        self.tally = Tally()
        self.forms = [form for name in self.table.names for form in trials.calls_of(name) if _is_sound(form)]

    def pairs(self, count: int, *, seed: int = 0) -> Iterator[tuple[str, str]]:
        """Pairs of valid strings that the server takes; the second is mostly the first, a little changed."""
        random = Random(f"{self.table.line.id} {seed}")
        aimed = aimed_strings(self.table, random)
        quite_random = RandomAccessStrings(self.table.line.id, random)
        while count:
            text = next(aimed) if random.random() < _AIMED else quite_random.string()
            other = text
            for _ in range(random.choice((1, 1, 1, 2))):
                other = _changed(other, self.table, random, next(aimed))
            if random.random() < _UNRELATED:
                other = next(aimed)
            pair = (text, other) if random.random() < _IN_ORDER else (other, text)
            if all(parse(one, self.table).valid and self._refusal(one) is None for one in pair):
                count -= 1
                yield pair

    def contradictions(self, old_text: str, new_text: str) -> list[str]:
        """What the server says otherwise about a pair of valid strings."""
        old, new = parse(old_text, self.table), parse(new_text, self.table)
        compared = compare(old, new)
        self.tally.relations[compared.relation] += 1
        if compared.undecided:
            self.tally.undecided.append((old_text, new_text))
        pair = _Pair(self, old, new, self._rules(old_text), self._rules(new_text), compared)
        found = [f"{problem}\n  old: {old_text!r}\n  new: {new_text!r}" for problem in pair.problems(self._seed)]
        return found[:3]

    def reprinted(self, text: str) -> str:
        """A string as the server prints a user who has it."""
        self._trials.link.call("ACL", "SETUSER", "printed", "reset", *self._rules(text))
        listed = self._trials.link.call("ACL", "LIST")
        assert isinstance(listed, list)
        self._trials.link.call("ACL", "DELUSER", "printed")
        line = next(line for line in listed if line.startswith(b"user printed "))
        words = line.decode("utf-8", "surrogateescape").split()[2:]
        return " ".join(word for word in words if not word.startswith("#"))

    def allows(self, text: str, call: Sequence[bytes], database: int = 0) -> bool:
        """Whether the owner of a string may make a call."""
        (said,) = self.ask(self._rules(text), [_call(call, database)])
        return said

    def ask(self, rules: Sequence[bytes], calls: Sequence[Call]) -> list[bool]:
        """Whether a user with these rules may make each of the calls."""
        return [verdict is Verdict.ALLOWED for verdict in self._trials.verdicts(rules, calls)]

    def runs(self, rules: Sequence[bytes], words: Sequence[bytes]) -> bool:
        """Whether a call of a user with these rules runs: for what a server checks only then."""
        link = self._trials.link
        link.call("ACL", "SETUSER", "runner", "reset", *rules, "on", "nopass", "+auth")
        link.call("AUTH", "runner", "any")
        said = link.call(*words)
        link.call("AUTH", "default", "any")
        link.call("ACL", "DELUSER", "runner")
        return "permission" not in str(said)

    def _rules(self, text: str) -> list[bytes]:
        return words_of(text) if self.table.syntax.all_channels_by_default else without_channels_first(words_of(text))

    def _refusal(self, text: str) -> str | None:
        return self._trials._judge.refusal(self._rules(text))


@contextlib.contextmanager
def comparisons_on(name: str, *, seed: int = 0) -> Iterator[ComparisonTrials]:
    """Start the named server, set up as ElastiCache is, to hold comparisons against it."""
    with trials_on(name, seed=seed) as trials:
        yield ComparisonTrials(trials, seed)


_AIMED: Final = 0.75
_UNRELATED: Final = 0.1
_IN_ORDER: Final = 0.5


def _is_sound(form: Form) -> bool:
    """Leave out calls with a database that is none, which a server allows and does not run."""
    if form.command not in _NAMING_DATABASES:
        return True
    return all(_NUMBER.fullmatch(form.words[place]) for place in _database_places(form))


def _database_places(form: Form) -> list[int]:
    words = form.words
    match form.command:
        case "select":
            return [1]
        case "swapdb":
            return [1, 2]
        case "move":
            return [2]
        case "copy":
            return [place + 1 for place, word in enumerate(words) if place > 2 and word.lower() == b"db"]
    return []


def _call(words: Sequence[bytes], database: int) -> Call:
    # in lower case, as the judge knows the commands that it must ask about last
    words = (words[0].lower(), *words[1:])
    return Call(Form("", (), (), takes_any_first_argument=False), words, database)


@dataclass
class _Pair:
    """One comparison, with what the server needs to judge it."""

    trials: ComparisonTrials
    old: AccessString
    new: AccessString
    old_rules: Sequence[bytes]
    new_rules: Sequence[bytes]
    compared: Comparison

    def problems(self, seed: int) -> Iterator[str]:
        """What the server says otherwise."""
        strings = ((self.new, self.new_rules), (self.old, self.old_rules))
        differing: list[set[str]] = []
        for side, (own, other) in (("gained", strings), ("lost", strings[::-1])):
            shown = [(one.call, one.database) for one in getattr(self.compared, side) if one.call]
            self.trials.tally.shown += len(shown)
            names, witnesses = self._witnesses(own[0], other[0])
            self.trials.tally.witnesses += len(witnesses)
            differing.append(names)
            yield from self._wrong(side, [*shown, *witnesses], own[1], other[1])
        gained, lost = differing
        yield from self._counterexamples(gained, lost, Random(f"{seed} {self.old_rules} {self.new_rules}"))

    def _witnesses(self, own: AccessString, other: AccessString) -> tuple[set[str], list[_Witness]]:
        """The commands that differ, and each one's own call: a difference shows only one call for many commands."""
        search = CallSearch(calls_of(self.trials.table), Effort(_PLENTY))
        known: Known = {}
        found = list(search.found(permission_lists(own, known), permission_lists(other, known)))
        names = {self.trials.table.names[command.bit] for one in found for command in one.commands}
        names |= {self.trials.table.names[command.bit] for command in search.undecided}
        return names, [(one.call_of(command), one.database) for one in found for command in one.commands]

    def _wrong(
        self, side: str, calls: Sequence[_Witness], own: Sequence[bytes], other: Sequence[bytes]
    ) -> Iterator[str]:
        usable = [one for one in calls if one[1] < _MOST_DATABASES and not _names_large_database(one[0])]
        if not usable:
            return
        asked = [_call(*one) for one in usable]
        for (words, database), by_own, by_other in zip(
            usable, self.trials.ask(own, asked), self.trials.ask(other, asked), strict=True
        ):
            if by_own and not by_other:
                continue
            if by_own and words[0] in {b"SORT", b"SORT_RO"} and b"get" in words:
                self.trials.tally.run += 1
                if self.trials.runs(own, words) and not self.trials.runs(other, words):
                    continue
            yield f"{side} shows {words} [{database}]: {by_own} by the one, {by_other} by the other"

    def _counterexamples(self, gained: set[str], lost: set[str], random: Random) -> Iterator[str]:
        """Calls of commands for which nothing differs, that differ all the same."""
        calls = self._calls_near(random)
        self.trials.tally.calls += len(calls)
        by_old, by_new = self.trials.ask(self.old_rules, calls), self.trials.ask(self.new_rules, calls)
        for call, old, new in zip(calls, by_old, by_new, strict=True):
            if new > old and call.form.command not in gained:
                yield f"nothing is said to be gained, but {call.words} [{call.database}] is"
            if old > new and call.form.command not in lost:
                yield f"nothing is said to be lost, but {call.words} [{call.database}] is"

    def _calls_near(self, random: Random) -> list[Call]:
        selectors = (*self.old.selectors, *self.new.selectors)
        patterns = sorted({pattern for one in selectors for pattern in (*one.key_patterns, *one.channel_patterns)})
        arguments = [word for one in selectors for several in one.first_arguments.values() for word in several]
        likely = [key for pattern in patterns if (key := key_for(pattern, random)) is not None]
        shown = [word for one in (*self.compared.gained, *self.compared.lost) for word in one.call[1:3]]
        pool = [b"", b"a", b"*", *patterns, *likely, *near_misses(patterns, random), *arguments, *shown]
        named = {number for one in selectors for number in one.databases or () if number < _MOST_DATABASES}
        databases = [0] if all(one.databases is None for one in selectors) else sorted({0, 1, 7, *named})
        granted = self.old.granted | self.new.granted
        for one in selectors:
            granted |= one.partly
        forms = [form for form in self.trials.forms if granted >> self.trials.table.index[form.command] & 1]
        times = max(_CALLS_A_FORM, _FEW_CALLS // (len(forms) + 1))
        free = _FREE_BEFORE_KEYS
        if not self.trials.table.syntax.subcommands:
            free = free - {"xreadgroup"}  # 6.2 finds its keys by its first argument
        return [
            _filled(
                form,
                pool,
                arguments if form.takes_any_first_argument or form.command in free else (),
                databases,
                random,
            )
            for form in forms
            for _ in range(times)
        ]


def _filled(
    form: Form, pool: Sequence[bytes], arguments: Sequence[bytes], databases: Sequence[int], random: Random
) -> Call:
    words = list(form.words)
    for place, _ in form.keys:
        words[place] = random.choice(pool)
    if form.command in _CHANNELS:
        last = 2 if form.command.endswith("publish") else len(words)
        words[1:last] = random.choices(pool, k=last - 1)
    for place in _database_places(form):
        words[place] = b"%d" % random.choice(databases)
    if arguments and len(words) > 1 and form.command not in _FIXED_FIRST:
        argument = random.choice(arguments)
        words[1] = random.choice((words[1], argument, argument.upper()))
    return Call(form, tuple(words), random.choice(databases))


def _names_large_database(words: Sequence[bytes]) -> bool:
    named = words[1:] if words[0] in {b"SELECT", b"SWAPDB"} else words[2:] if words[0] in {b"MOVE", b"COPY"} else ()
    return any(word.isdigit() and int(word) >= _MOST_DATABASES for word in named)


def _changed(text: str, table: CommandTable, random: Random, stranger: str) -> str:
    """A string with one rule added, dropped, moved, put into a selector or out of it, or a little different."""
    words = [rule.token.decode("utf-8", "surrogateescape") for rule in parse(text, table).rules]
    if not words:
        return stranger
    at, to = random.randrange(len(words)), random.randrange(len(words) + 1)
    word = words[at]
    others = words[:at] + words[at + 1 :]
    strange = random.choice(stranger.strip("()").split())
    match random.randrange(11):
        case 9 | 10 if table.syntax.subcommands:
            changed = _split_in_lists(words, random)
        case 0:
            changed = others
        case 1:
            changed = [*words[:to], strange.strip("()"), *words[to:]]
        case 2:
            changed = [*others[:to], word, *others[to:]]
        case 3 if word.startswith("(") and word.endswith(")"):
            changed = words[:at] + word[1:-1].split() + words[at + 1 :]
        case 3:
            low, high = sorted((at, to))
            changed = [*words[:low], f"({' '.join(words[low:high])})", *words[high:]]
        case 4 if word.startswith(("+@", "-@")) and word[2:] in table.categories:
            names = list(table.names_in(table.categories[word[2:]]))
            if random.random() < _HALF:
                names.remove(random.choice(names))
            changed = words[:at] + [word[0] + name for name in names] + words[at + 1 :]
        case _:
            changed = words[:at] + _varied(word, random) + words[at + 1 :]
    return " ".join(changed)


def _split_in_lists(words: Sequence[str], random: Random) -> list[str]:
    """The root's key patterns shared out over several lists with the same commands; a few pairs stay together."""
    own = [word for word in words if not word.startswith("(")]
    patterns = [word for word in own if word.startswith(("~", "%"))] or ["~a*", "%R~b*", "~c*"]
    others = [word for word in own if word.startswith(("+", "-", "db=", "&"))] or ["+@all"]
    parts = [[pattern for pattern in patterns if random.random() < _HALF] for _ in range(random.choice((1, 2, 3)))]
    changed = [word for word in words if not word.startswith(("~", "%"))] + random.choice(([], patterns[:1]))
    return changed + [f"({' '.join(part + others)})" for part in parts]


def _varied(word: str, random: Random) -> list[str]:
    """A rule made wider or narrower, or said in other words."""
    if word.startswith("("):
        inside = word[1:-1].split()
        if not inside:
            return ["(+get ~a)"]
        at = random.randrange(len(inside))
        return ["(" + " ".join([*inside[:at], *_varied(inside[at], random), *inside[at + 1 :]]) + ")"]
    if word.startswith("+") and not word.startswith("+@"):
        return [word + random.choice(("", "", "|a", "|1", "|0", "|streams"))]
    kind, pattern = ("~", word[1:]) if word.startswith("~") else tuple(word.partition("~")[0::2])
    if word.startswith("&"):
        kind, pattern = "&", word[1:]
    elif kind.startswith("%"):
        kind += "~"
    elif kind != "~":
        return [word, word]
    cut = random.randrange(len(pattern) + 1)
    return random.choice(
        (
            [kind + pattern + "*"],
            [kind + pattern[:-1]],
            [kind + pattern[:cut] + "?" + pattern[cut + 1 :]],
            [kind + pattern[:cut] + "*" + pattern[cut:]],
            [kind + pattern[:cut] + "[^a]" + pattern[cut + 1 :]],
            [kind + pattern, kind + pattern + "?*"],
            [kind + pattern + "?*", kind + pattern, kind],
            [f"%R~{pattern}", f"%W~{pattern}"],
            [f"%R~{pattern}"],
            [f"%RW~{pattern}"],
            [kind + pattern[:cut] + "[ab]" + pattern[cut:], kind + pattern[:cut] + "[^ab]" + pattern[cut:]],
        )
    )
