"""Prints growing Markdown in a terminal with the package ``rich``, if that is installed.

Each block is printed once, when the next one begins. Only the unfinished one is drawn again as it
grows, and of that no more lines than the screen has, so that nothing flickers and the cost of a
piece of text does not grow with the answer.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from importlib.util import find_spec
from typing import Any

from nbstream.display.sanitize import printable

INTERVAL = 0.08
"""Seconds between two drawings of the unfinished block."""

LF = "\n"
_MOST = 6_000  # characters of an unfinished block that are drawn


def markdown_printer() -> MarkdownPrinter | None:
    """A printer for this terminal; None without ``rich``, or if the output is no terminal."""
    if find_spec("rich") is None or not sys.stdout.isatty():
        return None
    from rich.console import Console

    console = Console(force_jupyter=False, highlight=False)
    return None if console.is_dumb_terminal or console.legacy_windows else MarkdownPrinter(console)


class MarkdownPrinter:
    """Prints one text of Markdown at a time: ``add`` and ``paint`` while it grows, then ``end``."""

    def __init__(self, console: Any) -> None:
        self._console = console
        self._rest = ""
        self._painted = ""
        self._painted_at = 0.0
        self._erase = ""
        """What removes the unfinished block from the screen."""
        self._is_first = True

    @property
    def is_behind(self) -> bool:
        """Whether there is text that has not been drawn."""
        return self._rest != self._painted

    def add(self, chunk: str) -> None:
        """Add a piece of text, to be drawn by the next ``paint``."""
        self._rest += printable(chunk, sys.stdout.encoding)

    def paint(self) -> None:
        """Draw what is new, unless the last drawing was a moment ago."""
        now = time.monotonic()
        if not self.is_behind or now - self._painted_at < INTERVAL:
            return
        self._painted_at = now
        whole, self._rest = split(self._rest)
        self._draw(whole, self._rest)

    def pause(self) -> None:
        """Remove the unfinished block from the screen; ``paint`` and ``end`` draw it again."""
        self._draw("", "")

    def end(self) -> None:
        """Print what is left; the next text begins a new line."""
        self._draw(self._rest, "")
        self._rest, self._is_first = "", True

    def _draw(self, whole: str, rest: str) -> None:
        """Print whole blocks for good, and the unfinished one until the next call, at once."""
        fixed = self._rendered(whole)
        if fixed:
            fixed, self._is_first = f"{'' if self._is_first else LF}{fixed}", False
        growing = self._rendered(_last(rest), most=max(self._console.height - 2, 1))
        if growing:
            growing = f"{'' if self._is_first else LF}{growing.removesuffix(LF)}"
        sys.stdout.write(f"{self._erase}{fixed}{growing}")
        sys.stdout.flush()
        self._painted = rest
        up = growing.count(LF)
        self._erase = f"\r\x1b[{up}A\x1b[J" if up else "\r\x1b[J" if growing else ""

    def _rendered(self, text: str, *, most: int | None = None) -> str:
        """The lines of a text as the terminal gets them; the last ones if ``most`` is given."""
        if not text.strip():
            return ""
        from rich.segment import SegmentLines

        rendered = self._console.render_lines(_markdown(text), pad=False)
        lines = [_stripped(line) for line in rendered]
        written = [at for at, line in enumerate(lines) if line]
        lines = lines[written[0] : written[-1] + 1] if written else []
        with self._console.capture() as captured:
            self._console.print(SegmentLines(lines[-most:] if most else lines, new_lines=True))
        return str(captured.get())


def _stripped(line: list[Any]) -> list[Any]:
    """A line without the blanks that fill it up to the terminal's width."""
    *first, last = line or [None]
    if last is None or (last.style is not None and last.style.bgcolor is not None):
        return line
    text = last.text.rstrip()
    return [*first, last._replace(text=text)] if text else _stripped(first)


def split(text: str) -> tuple[str, str]:
    r"""The blocks that no further text can change, and the last one.

    >>> from nbstream.display.terminal_markdown import split
    >>> split("One.\n\n- two\n- th")
    ('One.\n\n', '- two\n- th')
    """
    if "\n" not in text:
        return "", text
    starts = [token.map[0] for token in _parser(inline=False).parse(text) if _begins(token)]
    if len(starts) < 2:
        return "", text
    lines = text.splitlines(keepends=True)
    return "".join(lines[: starts[-1]]), "".join(lines[starts[-1] :])


def _begins(token: Any) -> bool:
    """Whether a token begins a block of the document itself."""
    return token.level == 0 and token.map is not None and token.nesting >= 0


def _last(text: str) -> str:
    """The end of a long block; a fence keeps its first line."""
    if len(text) <= _MOST:
        return text
    first, _, _ = text.partition("\n")
    end = text[-_MOST:].partition("\n")[2] or text[-_MOST:]
    return f"{first}\n{end}" if first.lstrip().startswith(("```", "~~~")) else end


@cache
def _parser(*, inline: bool) -> Any:
    """The parser. HTML is text, which a terminal would otherwise leave out."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser if inline else parser.disable("inline")


def _markdown(text: str) -> Any:
    """What ``rich`` prints for a text. Links show their addresses, as nothing can be clicked."""
    from rich.markdown import Markdown

    made = Markdown("", code_theme="ansi_dark", hyperlinks=False)
    made.markup, made.parsed = text, _parser(inline=True).parse(text)
    return made
