"""Finds thinking that a server leaves in a text between tags, such as ``<think>…</think>``.

Known to do it: vLLM without ``--reasoning-parser``, llama.cpp with ``--reasoning-format none``,
Ollama and LM Studio for models whose tags they do not know, Groq with ``reasoning_format="raw"``,
Perplexity's reasoning models, and Gemini's OpenAI endpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from nbstream.core.shown import shown
from nbstream.errors import UsageError

Pair = tuple[str, str]
"""A start tag and its end tag."""

Piece = tuple[Literal["thinking", "end", "text"], str]
"""A piece of thinking, the end of thinking, or a piece of the answer."""

_WORDS = (
    *("think", "thinking", "thought", "reason", "reasoning"),
    *("seed:think", "mm:think", "longcat_think"),
)
_HARMONY = "<|channel|>analysis<|message|>"

USUAL: tuple[Pair, ...] = (
    *((f"<{word}>", f"</{word}>") for word in _WORDS),
    ("[THINK]", "[/THINK]"),  # Magistral
    ("<|begin_of_thought|>", "<|end_of_thought|>"),  # OpenThinker
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A
    ("<|channel>thought", "<channel|>"),  # Gemma 4
    ("◁think▷", "◁/think▷"),  # Kimi VL
    (_HARMONY, "<|end|>"),  # gpt-oss, https://cookbook.openai.com/articles/openai-harmony
    (f"<|start|>assistant{_HARMONY}", "<|end|>"),
)
"""The tags that are looked for by default: start and end. Their case does not matter."""

_ANSWER = (
    "<|START_RESPONSE|>",
    "<|channel|>final<|message|>",
    "<|start|>assistant<|channel|>final<|message|>",
)
"""Marks of the same models before their answer; they are dropped."""

_BLANKS = 256
"""At most so many blank characters wait for what follows them."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Which tags are looked for.

    ``inside`` is the end tag of thinking in which the text begins: the model's prompt template
    has written the start tag, so only the end comes.
    """

    pairs: tuple[Pair, ...] = USUAL
    inside: str | None = None

    @classmethod
    def of(cls, value: Any) -> Tags | None:
        """What the value of ``thinking_tags=`` asks for; None for False.

        Raises:
            UsageError: it is neither a bool nor a pair of tags.
        """
        match value:
            case bool():
                return cls() if value else None
            case ("", str(end)) | ["", str(end)] if end:
                return cls(inside=end)
            case (str(start), str(end)) | [str(start), str(end)] if end:
                return cls(((start, end),))
        raise UsageError(
            f"thinking_tags= takes True, False or a pair of tags, not {shown(value)}.",
            remedy='Write thinking_tags=("<think>", "</think>"), or ("", "</think>") if the text'
            " begins inside thinking.",
        )


class TagReader:
    """Splits a text that arrives in pieces into thinking and answer.

    A tag counts only at the start of the text or after thinking. Blank space around tags is
    dropped. Thinking that goes on right after its end is one: Bedrock puts tags around each piece.
    """

    def __init__(self, pairs: tuple[Pair, ...], inside: str | None = None) -> None:
        self.state: Literal["start", "thinking", "between", "answer"] = "start"
        self.tags: Pair = ("", "")
        """The tags of the current thinking: the start as it came, and the end in the same case."""
        self._pairs = pairs
        self._ends = tuple(dict.fromkeys(end for _, end in pairs))
        self._end = re.compile("")
        self._inside = inside
        self._held = ""
        self._is_blank = True  # whether the current thinking has only blank characters so far
        self._is_ending = False  # after an end tag, while the same thinking may go on
        self._blanks = ""  # the blank characters before that end tag

    def feed(self, chunk: str) -> list[Piece]:
        """Read more text. A piece of the answer is the end of what has been read so far."""
        pieces: list[Piece] = []
        text, self._held = self._held + chunk, ""
        while text:
            if self.state == "thinking":
                text = self._thinking(text, pieces)
            elif self.state == "answer":
                pieces.append(("text", text))
                break
            else:
                text = self._start(text, pieces)
        return pieces

    def is_plain(self, chunk: str) -> bool:
        """Whether ``chunk`` is thinking as it is: nothing is held back, and no end can be near."""
        if self._held or self.state != "thinking":
            return False
        return not (self.tags[1][0] in chunk or chunk[-1:].isspace())

    def flush(self) -> list[Piece]:
        """What is held back, because no more text comes."""
        held, self._held = self._held, ""
        if self.state == "thinking":
            held = held.rstrip()
            return [("thinking", held)] if held else []
        pieces: list[Piece] = [("end", "")] if self._is_ending else []
        self._is_ending = False
        if held:
            self.state = "answer"
            pieces.append(("text", held))
        return pieces

    def _start(self, text: str, pieces: list[Piece]) -> str:
        """Look for a tag. Returns the text that can be read further."""
        if self._is_ending:
            start = self.tags[0]
            if start and start.startswith(text[: len(start)]):
                if len(text) < len(start):
                    self._held = text
                    return ""
                self.state, self._is_ending = "thinking", False
                return self._blanks + text[len(start) :]
            self._is_ending = False
            pieces.append(("end", ""))
        body = text.lstrip()
        if not body and (self.state == "between" or len(text) <= _BLANKS):
            self._held = "" if self.state == "between" else text
            return ""
        # An end without its start: the server itself has taken the thinking out.
        dropped = _ANSWER if self._inside else (*_ANSWER, *self._ends)
        known = [*(start for start, _ in self._pairs), *dropped]
        low = body[: max(map(len, known))].lower()
        for start, end in self._pairs:
            if low.startswith(start.lower()):
                typed = body[: len(start)]
                same = end == _closing(start)  # then <Think> ends with </Think>
                self._begin(typed, _closing(typed) if same else end)
                return body[len(start) :]
        for mark in dropped:
            if low.startswith(mark.lower()):
                self.state = "between"
                return body[len(mark) :]
        if body and any(one.lower().startswith(low) for one in known):
            self._held = body if self.state == "between" else text
            return ""
        if self._inside:
            self._begin("", self._inside)
            return body
        is_first = self.state == "start"
        self.state = "answer"
        return text if is_first else body

    def _begin(self, start: str, end: str) -> None:
        self.state, self.tags = "thinking", (start, end)
        self._end = re.compile(re.escape(end), re.IGNORECASE)
        self._inside, self._is_blank = None, True

    def _thinking(self, text: str, pieces: list[Piece]) -> str:
        """Read thinking to its end tag. Returns the text after that."""
        end = self.tags[1]
        found = self._end.search(text)
        at = found.start() if found else -1
        ready = at if at >= 0 else len(text) - _unsure(text, end)
        inner = text[:ready].rstrip() if at >= 0 else text[:ready]
        self._blanks = text[len(inner) : ready]
        if self._is_blank:
            inner = inner.lstrip()
        if inner:
            self._is_blank = False
            pieces.append(("thinking", inner))
        if at < 0:
            self._held = text[ready:]
            return ""
        self.state, self._is_ending = "between", True
        return text[at + len(end) :]


def _closing(start: str) -> str:
    """The end tag for a start tag such as ``<think>`` or ``[THINK]``."""
    return f"{start[0]}/{start[1:]}"


def _unsure(text: str, end: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``end``.

    Together with the blank characters before them.
    """
    size = 0
    if end[0] in text[1 - len(end) :]:
        sizes = range(min(len(end) - 1, len(text)), 0, -1)
        low, tail = end.lower(), text[1 - len(end) :].lower()
        size = next((one for one in sizes if tail.endswith(low[:one])), 0)
    body = text[: len(text) - size].rstrip()
    return min(len(text) - len(body), size + _BLANKS)
