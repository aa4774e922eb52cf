"""Draw a terminal as SVG, in light and dark: run by tools/pictures.py in the environment that has rich.

Reads `{"title", "text", "columns", "light", "dark"}` from standard input: a text with the colours of a terminal, and
the files to write. The pictures fetch nothing: the font is whatever monospaced one the reader has.
"""

import html
import json
import sys
from pathlib import Path
from typing import Final

from rich.console import Console  # type: ignore[import-not-found]
from rich.terminal_theme import TerminalTheme  # type: ignore[import-not-found]
from rich.text import Text  # type: ignore[import-not-found]

_FORMAT: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="TITLE">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px;
}}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

THEMES: Final = {
    "light": TerminalTheme(
        (255, 255, 255),
        (31, 35, 40),
        [
            (36, 41, 47),
            (179, 38, 30),
            (17, 99, 41),
            (125, 78, 0),
            (9, 105, 218),
            (130, 80, 223),
            (27, 124, 131),
            (87, 96, 106),
        ],
    ),
    "dark": TerminalTheme(
        (13, 17, 23),
        (230, 237, 243),
        [
            (110, 118, 129),
            (255, 138, 128),
            (126, 226, 160),
            (242, 204, 96),
            (121, 192, 255),
            (210, 168, 255),
            (118, 227, 234),
            (177, 186, 196),
        ],
    ),
}


def main() -> None:
    """Draw what standard input asks for."""
    asked = json.load(sys.stdin)
    for name, theme in THEMES.items():
        with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
            console = Console(
                record=True, width=asked["columns"], file=nowhere, force_terminal=True, legacy_windows=False
            )
            console.print(Text.from_ansi(asked["text"]), soft_wrap=False)
        identity = Path(asked[name]).stem
        svg = console.export_svg(title="", theme=theme, code_format=_FORMAT, unique_id=identity)
        svg = svg.replace("TITLE", html.escape(asked["title"]), 1)
        tidy = "\n".join(line.rstrip() for line in svg.splitlines() if line.strip())
        Path(asked[name]).write_text(tidy + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
