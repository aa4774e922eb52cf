"""The command line: `python -m audit`."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from audit import changes, check, compare, derive, explain, list_policies
from audit.output import complain

_INTERRUPTED, _PIPE_CLOSED = 128 + 2, 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m audit", description="Audit ElastiCache users without the Pulumi engine."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    checking = commands.add_parser("check", help="run the rules over stack exports and previews")
    checking.add_argument(
        "path", nargs="+", metavar="PATH", help="a stack export, a preview in JSON, a folder of them, or - for stdin"
    )
    checking.add_argument("--format", choices=tuple(check.FORMATS), default="text")
    checking.add_argument("--fail-on", choices=("mandatory", "advisory", "never"), default="mandatory")
    checking.add_argument("--config", metavar="FILE", help="the file that --policy-pack-config takes")
    checking.set_defaults(run=check.run)
    explaining = commands.add_parser("explain", help="say what an access string lets its owner do")
    explaining.add_argument("string", nargs="+", metavar="STRING", help="an access string, in quotes")
    explaining.add_argument("--engine", choices=("redis", "valkey"), default="valkey")
    explaining.add_argument("--client", metavar="NAME", help="say whether a client library would connect and work")
    explaining.add_argument("--json", action="store_true")
    explaining.set_defaults(run=explain.run)
    comparing = commands.add_parser("compare", help="say what a new access string allows that an old one does not")
    comparing.add_argument("old", metavar="OLD", help="an access string, in quotes")
    comparing.add_argument("new", metavar="NEW", help="the string that takes its place")
    comparing.add_argument("--engine", choices=("redis", "valkey"), default="valkey")
    _add_format(comparing, ("text", "json"))
    comparing.set_defaults(run=compare.run)
    changing = commands.add_parser("changes", help="say what access a change gives and takes, user by user")
    changing.add_argument(
        "path", nargs="+", metavar="PATH", help="two stack exports, the old one first, or one preview in JSON"
    )
    _add_format(changing, ("text", "json", "markdown"))
    changing.set_defaults(run=changes.run)
    derive.declare(
        commands.add_parser("derive", help="find the narrowest access string for what an application was seen doing")
    )
    listing = commands.add_parser("policies", help="list the policies")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=list_policies.run)
    parsed = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a locale cannot write is shown escaped, not lost
    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        # whoever read has enough, as `head` does; keep the interpreter from flushing into the closed pipe at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    return code


def _add_format(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    parser.add_argument("--format", choices=formats, default="text")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


if __name__ == "__main__":
    sys.exit(main())
