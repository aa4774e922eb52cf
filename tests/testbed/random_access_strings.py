"""Access strings at random: every kind of rule, odd spellings, and enough valid ones to be worth comparing.

Seeded and free of any server or test library, so that the tests, the fuzzer and the benchmarks share it.
"""

# ruff: noqa: SIM905 - long lists of odd words are read best as words

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random
from typing import Final

from acl.commands import LINES, CommandTable, commands_of, line_named

KEYWORDS: Final = """
    on off allkeys resetkeys allchannels resetchannels allcommands nocommands sanitize-payload skip-sanitize-payload
    clearselectors nopass resetpass reset
""".split()

# What servers refuse, one way or another, on some version at least. A lone `%` and its kind crash Redis 7.2 and
# Valkey 8.0 (CVE-2024-31227); the servers compared here report a syntax error.
ODD_WORDS: Final = (
    *r"""
    + - +@ -@ ~ & % %~x %R %RW %RR~x %X~x %R~ %rw~ %WR~a* %R* get @all all * +get,+set on, +nosuch -nosuch +@nosuch
    -dangerous +config| +|get -select|0 +config|nosuch -config|nosuch +config|get|x -config|set|x +select|0|1 +get|
    +| ( ) () (+get +get) ((+get)) (+get)(+set) (on) (reset) (>x) (nopass) "~*" ~"a db= db=x db=0, db=,0 db=0-3 db=*
    db=-1 db=99999 db=01 db=+1 db=2147483648 db=9223372036854775808 db=0,0 db=1,2,3 db alldb db=0,x db=1x db=0x1
    db=-0 # ! < > #abc <never +host: -post +stralgo +@read|x -@read|x +@all|x +(get) ~a(b) (~a)( (''+get) (""~a)
    ("+get""x")
    """.split(),
    *("#" + "a" * 64, "!" + "a" * 64, "#" + "A" * 64, "db= 1", "é", "+é", "+@é", "~é*", "~\u00a0", "+get\u3000"),
    *("+GET|\u212a", "+\u212aeys", "\u017fanitize-payload"),
    *("+get\x00x", "on\x00", "~a\x00b", "~*\x00", "&*\x00x", "(~a\x00b)", "+@all\x00", "%R~*\x00", "(+get|a\x00b)"),
    *('("~a\\"\x00)', "('~a\\'\x00x)"),
)

_GLOB_PARTS: Final = r"""
    a b c k app: x 1 - ^ : é ( ) ' * * * ** ? ?? [abc] [a-c] [c-a] [^a] [^a-y] [^] [] []a] [a [^ [a- [ ] [a-] [-a]
    [\]] [\a-c] [a\-c] [^\^] [a-\c] [a]] [[] [?*] \* \? \a \\ \ [\ [^\ [a\ \[ [^^] [!a] [a-a] [--0] [\\] [a-z0-9]
""".split()

_FIRST_ARGUMENTS: Final = "0 1 streams and a k k ASYNC x 00 * é app:1 get host".split()

_OFTEN_WITH_FIRST_ARGUMENT: Final = frozenset(
    "select get del mget set publish subscribe bitop xread echo config object".split()
)

_DATABASE_RULES: Final = "db=0 db=1 db=1,2 db=0,1,3 resetdbs alldbs DB=2 db=15 db=3,3".split()

_PASSWORDS: Final = (">pw-one", ">pw-two", "#" + "0a" * 32, ">pw-one <pw-one", "#{0} !{0}".format("0a" * 32), "<pw-two")

_START: Final = (
    "on ~* +@all",
    "on ~* &* +@all",
    "off -@all",
    "on ~app:* -@all +@read",
    "on ~app:* +@all -@dangerous",
    "on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hdel -bitop",
    "on %R~a* %W~b* +@all",
    "on +@all (~a* +@read)",
)

_PATTERN_IN_TEXT: Final = re.compile(r"[~&](\S*)")
_GLOB_PART: Final = re.compile(
    r"(?P<star>\*)|(?P<any>\?)|\[(?P<inside>(?:\\.|[^\]\\])*)\]?|\\?(?P<literal>.)", re.DOTALL
)


class RandomAccessStrings:
    """Makes access strings for one server line; the same `random` state gives the same strings."""

    def __init__(self, server: str, random: Random) -> None:
        """Make strings for `server`, one of the names in the command table such as "valkey-9.1"."""
        self._random = random
        self._syntax = line_named(server).syntax
        table: CommandTable = commands_of(server)
        self._commands = table.names
        self._containers = tuple(table.containers)
        self._categories = tuple(table.categories)
        self._plain = tuple(name for name in table.names if "|" not in name)
        self._unknown_here = _names_of_other_lines(server)

    def string(self) -> str:
        """One access string: most of them valid, some with one odd word, a few with several."""
        random = self._random
        oddity = random.choice((0.0, 0.0, 0.0, 0.0, 0.03, 0.3))
        words = random.choice(_START).split() if self._chance(0.2) else []
        for _ in range(random.choice((1, 2, 3, 4, 5, 6, 8, 12, 20))):
            words.append(self._odd_word() if self._chance(oddity) else self._rule())
        if self._chance(0.1):
            random.shuffle(words)
        if self._chance(0.9):
            every = {"&"} if self._syntax.all_channels_by_default else set[str]()
            words = _without_patterns_after_all(words, every)
        return self._joined(words)

    def _pick(self, choices: Sequence[tuple[int, Callable[[], str]]]) -> str:
        make = self._random.choices([make for _, make in choices], [weight for weight, _ in choices])[0]
        return make()

    def _rule(self) -> str:
        return self._pick(
            (
                (6, self._keyword),
                (18, self._inner_rule),
                (2, lambda: self._random.choice(_PASSWORDS)),
                (5 if self._syntax.subcommands else 0, self._selector),
            )
        )

    def _inner_rule(self) -> str:
        return self._pick(
            (
                (4, self._category),
                (7, self._command),
                (2, self._first_argument),
                (5, self._keys),
                (3, lambda: "&" + self.glob()),
                (3 if self._syntax.databases else 0, lambda: self._cased(self._random.choice(_DATABASE_RULES))),
            )
        )

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _cased(self, word: str) -> str:
        if self._chance(0.85):
            return word
        if self._chance(0.5):
            return word.upper()
        return "".join(self._random.choice((letter.upper(), letter.lower())) for letter in word)

    def _keyword(self) -> str:
        words = [word for word in KEYWORDS if self._syntax.subcommands or word != "clearselectors"]
        weights = [1 if word in {"reset", "clearselectors", "allkeys", "allchannels"} else 4 for word in words]
        return self._cased(self._random.choices(words, weights)[0])

    def _sign(self) -> str:
        return self._random.choice("++-")

    def _category(self) -> str:
        names = ("all", *self._categories, *self._categories)
        return self._cased(f"{self._sign()}@{self._random.choice(names)}")

    def _command(self) -> str:
        names = self._containers if self._containers and self._chance(0.1) else self._commands
        return self._cased(self._sign() + self._random.choice(names))

    def _first_argument(self) -> str:
        usable = [name for name in self._plain if name in _OFTEN_WITH_FIRST_ARGUMENT]
        name = self._random.choice(usable if self._chance(0.7) else self._plain)
        argument = self._random.choice(_FIRST_ARGUMENTS)
        bar = "||" if self._chance(0.02) else "|"
        return self._cased(f"+{name}") + bar + self._cased(argument)

    def glob(self) -> str:
        """One glob pattern, often an odd one."""
        return "".join(self._random.choice(_GLOB_PARTS) for _ in range(self._random.choice((1, 1, 2, 2, 3, 4, 6))))

    def _keys(self) -> str:
        pattern = self.glob() if self._chance(0.9) else ""
        if self._syntax.subcommands and self._chance(0.5):
            return f"%{self._cased(self._random.choice(('R', 'W', 'RW', 'WR')))}~{pattern}"
        return "~" + pattern

    def _odd_word(self) -> str:
        random = self._random
        if self._chance(0.2) and self._unknown_here:
            return random.choice("+-") + random.choice(self._unknown_here)
        if self._chance(0.2):
            return _mangled(self._rule(), random)
        return random.choice(ODD_WORDS)

    def _selector(self) -> str:
        random = self._random
        rules = [self._inner_rule() for _ in range(random.choice((0, 1, 2, 2, 3, 5)))]
        if self._chance(0.97):
            rules = _without_patterns_after_all(rules, set())
        if self._chance(0.03):
            rules.append(self._odd_word())
        rules = [self._quoted(rule) if self._chance(0.12) else rule for rule in rules]
        text = " ".join(rules)
        return f"( {text} )" if self._chance(0.1) else f"({text})"

    def _quoted(self, rule: str) -> str:
        random = self._random
        escaped = rule.replace("\\", "\\\\").replace('"', '\\"')
        cut = random.randrange(len(rule) + 1)
        quote = random.choice("\"'")
        endings = ("\\n", "\\t", " x", "\\x00", "\\q", "\\x4", "\\xzz")
        return random.choice(
            (
                f'"{escaped}"',
                f'"{escaped}{random.choice(endings)}"',
                "'" + rule.replace("'", "\\'") + "'",
                '"' + "".join(f"\\x{byte:02x}" for byte in rule.encode()) + '"',
                rule[:cut] + quote + rule[cut:] + quote,
                quote + rule[:cut] + quote + rule[cut:],
                random.choice(('"', "'", "")) + rule + random.choice(('"', "'", '"x', "\\")),
            )
        )

    def _joined(self, words: Sequence[str]) -> str:
        random = self._random
        if self._chance(0.9):
            return " ".join(words)
        return "".join(word + random.choice((" ", "  ", "\t", "\n", "\r\n", "\x0b", " \x0c ")) for word in words)


@cache
def _names_of_other_lines(server: str) -> tuple[str, ...]:
    """The commands that only other server lines know."""
    table = commands_of(server)
    everywhere = {name for line in LINES for name in commands_of(line.id).names}
    return tuple(sorted(everywhere - set(table.names) - set(table.containers)))


def _without_patterns_after_all(words: Sequence[str], every: set[str]) -> list[str]:
    """Drop what would only be refused for standing after `~*` or `&*`.

    :param every: what holds at the start: "~" every key, "&" every channel. It is changed.
    """
    kept: list[str] = []
    at_start = frozenset(every)
    for word in words:
        lower = word.lower()
        kind = "~" if lower.startswith(("~", "%")) else "&" if lower.startswith("&") else ""
        if kind in every and lower not in {"~*", "&*"}:
            continue
        if lower in {"~*", "allkeys"}:
            every.add("~")
        elif lower in {"&*", "allchannels"}:
            every.add("&")
        elif lower == "reset":
            every.clear()
            every.update(at_start)
        elif lower == "resetkeys":
            every.discard("~")
        elif lower == "resetchannels":
            every.discard("&")
        kept.append(word)
    return kept


def _mangled(word: str, random: Random) -> str:
    position = random.randrange(len(word) + 1)
    return random.choice(
        (
            word[:position] + word[position + 1 :],
            word[:position] + random.choice("+-@~%&|()\"'\\=, \x00") + word[position:],
            word[:position] + word[position:].swapcase(),
            word + word,
        )
    )


def patterns_in(text: str) -> list[bytes]:
    """What stands behind `~` and `&` in the string: the patterns, roughly, whether or not the string is valid."""
    return [found.rstrip(")\"'").encode("utf-8", "surrogatepass") for found in _PATTERN_IN_TEXT.findall(text)]


def near_misses(patterns: Sequence[bytes], random: Random) -> list[bytes]:
    """A dozen texts that one of the patterns matches, or just does not match."""
    chosen = random.choices(patterns, k=12) if patterns else []
    return [_text_like(pattern.decode("latin-1"), random).encode("latin-1") for pattern in chosen]


def _text_like(pattern: str, random: Random) -> str:
    text = "".join(random.choice(choices) for choices in _choices(pattern))
    if random.choice((True, False, False, False)):
        cut = random.randrange(len(text) + 1)
        text = random.choice((text[:cut] + text[cut + 1 :], text[:cut] + "q" + text[cut:], text.swapcase(), text + "a"))
        text = text.encode("latin-1", "ignore").decode("latin-1")
    return text


def _choices(pattern: str) -> Iterator[Sequence[str]]:
    """For each part of a glob pattern, in turn, some texts for it; good ones mostly, as that is all that is needed."""
    for part in _GLOB_PART.finditer(pattern):
        if part["star"]:
            yield ("", "", "a", "k1", "*", "zz")
        elif part["any"]:
            yield "abkz?\xe9"
        elif part["literal"]:
            yield part["literal"]
        else:
            yield part["inside"] + "b^z-"
