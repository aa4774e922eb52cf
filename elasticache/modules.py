"""The module commands that ElastiCache documents: JSON, Bloom filters and search indexes.

ElastiCache builds them into the engine, so there is no server to read them off, as commands.json is. The facts come
from ElastiCache's guide and from the source of the Valkey modules with the same commands:

- JSON (Valkey 7.2 and Redis OSS 6.2 onwards). The guide lists the commands and their categories (`Family.source`).
  Key specs: valkey-json 1.0.0 to 1.0.2, which also agrees on every category but one, @admin of JSON.DEBUG, which only
  the guide has.
- Bloom filters (Valkey 8.1 onwards). The guide lists the commands and their categories, and valkey-bloom 1.0.1 agrees.
  Key specs: its development version. In 1.0.1 the reading commands also need a pattern that may be written to
  (Valkey assumes access and update where a module declares no key specs); the lesser need is the one given here.
  The module's BF.LOAD, in @write and @bloom, is not in the guide and so not here.
- Search (Valkey 8.2 onwards, FT.AGGREGATE 9.0). The guide lists the commands, but not their categories: those are from
  valkey-search 1.0.0 to 1.2.1. The module's FT._DEBUG and FT.INTERNAL_UPDATE are not in the guide and so not here.

Search commands name an index and no key, so the server checks no key pattern. The module itself checks the prefixes
that the index was created with, and no key by itself: each prefix must be covered whole by a pattern (an index without
prefixes covers every key, and so must the pattern). FT.SEARCH, FT.AGGREGATE and FT.INFO need READ. FT.CREATE and
FT.DROPINDEX need WRITE from valkey-search 1.1 on, where the server offers that check, and READ else. Up to 1.0.3 the
pattern must stand in a list that grants the command; from 1.1 on those of every list of the user count. FT._LIST
checks nothing: it names every index of the database, whoever made it.

Not established: which version of the modules ElastiCache runs and what it changed, whether each category exists for
every engine version, and whether JSON.DEBUG is a container there, as it is in valkey-json. On Redis OSS 6.2, whose
servers know no subcommands, it must be one command with the key spec "R".
"""

from types import MappingProxyType
from typing import Final, NamedTuple

from acl.commands import ModuleCommands


class Family(NamedTuple):
    """The commands of one module."""

    name: str
    engines: frozenset[str]
    """The engines that have it, as the `engine` property names them: "redis", "valkey"."""
    category: str
    """The category that holds all of them and nothing else, without its @."""
    source: str
    """The page of ElastiCache's guide that lists the commands (URL)."""
    commands: ModuleCommands


_GUIDE: Final = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_READS: Final = ("read", "fast")
_WRITES: Final = ("write", "fast")
_SLOWLY_READS: Final = ("read", "slow")
_SLOWLY_WRITES: Final = ("write", "slow")

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="JSON",
        engines=frozenset({"redis", "valkey"}),
        category="json",
        source=_GUIDE + "json-document-overview.html",
        commands=MappingProxyType(
            {
                "json.arrappend": (_WRITES, "I"),
                "json.arrindex": (_READS, "R"),
                "json.arrinsert": (_WRITES, "I"),
                "json.arrlen": (_READS, "-"),
                "json.arrpop": (_WRITES, "RD"),
                "json.arrtrim": (_WRITES, "D"),
                "json.clear": (_WRITES, "D"),
                "json.debug": (("read", "slow", "admin"), "*"),
                "json.debug|depth": ((), "R"),
                "json.debug|fields": ((), "R"),
                "json.debug|help": ((), ""),
                "json.debug|memory": ((), "R"),
                "json.del": (_WRITES, "D"),
                "json.forget": (_WRITES, "D"),
                "json.get": (_READS, "R"),
                "json.mget": (_READS, "R"),
                "json.mset": (_SLOWLY_WRITES, "U"),
                "json.numincrby": (_WRITES, "RU"),
                "json.nummultby": (_WRITES, "RU"),
                "json.objkeys": (_READS, "R"),
                "json.objlen": (_READS, "-"),
                "json.resp": (_READS, "R"),
                "json.set": (_SLOWLY_WRITES, "U"),
                "json.strappend": (_WRITES, "I"),
                "json.strlen": (_READS, "-"),
                "json.toggle": (_WRITES, "RU"),
                "json.type": (_READS, "R"),
            }
        ),
    ),
    Family(
        name="Bloom filters",
        engines=frozenset({"valkey"}),
        category="bloom",
        source=_GUIDE + "BloomFilters.html",
        commands=MappingProxyType(
            {
                "bf.add": (_WRITES, "IU"),
                "bf.card": (_READS, "R"),
                "bf.exists": (_READS, "R"),
                "bf.info": (_READS, "R"),
                "bf.insert": (_WRITES, "IU"),
                "bf.madd": (_WRITES, "IU"),
                "bf.mexists": (_READS, "R"),
                "bf.reserve": (_WRITES, "I"),
            }
        ),
    ),
    Family(
        name="search",
        engines=frozenset({"valkey"}),
        category="search",
        source=_GUIDE + "vector-search-commands.html",
        commands=MappingProxyType(
            {
                "ft._list": (("read", "slow", "admin"), ""),  # names every index, whatever its prefixes
                "ft.aggregate": (_SLOWLY_READS, ""),  # READ on every prefix of the index, not on a key
                "ft.create": (_WRITES, ""),  # WRITE on every prefix that it shall index
                "ft.dropindex": (_WRITES, ""),  # WRITE on every prefix of the index; deletes the index, not its keys
                "ft.info": (_READS, ""),  # READ on every prefix of the index
                "ft.search": (_SLOWLY_READS, ""),  # READ on every prefix of the index; gives keys and their values
            }
        ),
    ),
)
