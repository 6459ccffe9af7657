"""The options of ``%%llm``: one table, for the parser, the manual and the completion."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass, field
from typing import Any

NAME = "%%llm"
PARAM = "--param"
"""The option that two words follow."""
LEVELS = "low, medium, high, a number of tokens, or off"
"""What ``--thinking`` takes, for the manual; there are rarer efforts too."""


@dataclass(frozen=True, slots=True)
class Options:
    """The parsed options of one cell."""

    model: str | None = None
    name: str | None = None
    schema: str | None = None
    chat: str | None = None
    """The chat's name; an empty one is the notebook's own chat."""
    attachments: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    agent: str | None = None
    background: bool = False
    raw: bool = False
    no_widget: bool = False
    cache: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    """Keywords of ``nbstream.stream()``."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its names, what follows it, and what the manual says."""

    names: tuple[str, ...]
    help: str
    value: str = ""
    """The name of the value in the manual; empty for a flag."""
    type: Any = None  # a text, which then still knows its place (`Word`)
    repeated: bool = False
    parameter: str = ""
    """The keyword of ``stream()`` that the value is for."""

    @property
    def words(self) -> int:
        """How many words follow it at most."""
        return len(self.value.split())

    @property
    def key(self) -> str:
        """The name of the value among the parsed ones."""
        return self.names[-1].lstrip("-").replace("-", "_")


def reasoning(text: str) -> str | int:
    """An effort, or a number of tokens; ``off`` is 0.

    Raises:
        ArgumentTypeError: it is neither.
    """
    from nbstream.request.keywords import EFFORTS

    if text == "off":
        return 0
    if text.isascii() and text.isdigit():
        return int(text)
    if text not in EFFORTS:
        raise ArgumentTypeError(f"it takes {LEVELS}, not {str(text)!r}")
    return str(text)


OPTIONS = (
    Option(("-m", "--model"), "provider/model; default: the session's model", "MODEL"),
    Option(("-s", "--system"), "instructions for the model", "TEXT", parameter="system"),
    Option(("-o", "--out"), "bind the answer to this name too", "NAME"),
    Option(("--schema",), "a typed answer: a type, or fields as in 'name: str, age: int'", "TYPE"),
    Option(
        ("-a", "--attach"),
        "a file: its path, its address, or a variable; may be repeated",
        "FILE",
        repeated=True,
    ),
    Option(
        ("-T", "--tool"),
        "a function that the model may call, or kernel: it runs Python here; may be repeated",
        "FUNCTION",
        repeated=True,
    ),
    Option(("--agent",), "let this nbstream.Agent answer", "NAME"),
    Option(("-c", "--chat"), "go on with a chat; without NAME the notebook's own", "[NAME]"),
    Option(
        ("--temperature",), "0 is steady, 1 is lively", "NUMBER", float, parameter="temperature"
    ),
    Option(
        ("--max-tokens",), "the longest answer, in tokens", "NUMBER", int, parameter="max_tokens"
    ),
    Option(
        ("--thinking",),
        LEVELS,
        "LEVEL",
        reasoning,
        parameter="reasoning",
    ),
    Option(("--top-p",), "the share of likely words, up to 1", "NUMBER", float, parameter="top_p"),
    Option(("--seed",), "the same seed gives similar answers", "NUMBER", int, parameter="seed"),
    Option(
        ("--stop",),
        "end the answer before this text; may be repeated",
        "TEXT",
        repeated=True,
        parameter="stop",
    ),
    Option(("--timeout",), "the longest silence", "SECONDS", float, parameter="timeout"),
    Option(
        ("-p", PARAM),
        "any other keyword of nbstream.stream(); VALUE is JSON or a text",
        "KEY VALUE",
        repeated=True,
    ),
    Option(("--bg",), "return at once; the answer streams in the background"),
    Option(("--raw",), "send {{ }} as it is"),
    Option(("--cache",), "ask once; the same cell then gets the answer from cache.nbstream"),
    Option(("--no-widget",), "show the answer only when it is whole, without a widget"),
)
