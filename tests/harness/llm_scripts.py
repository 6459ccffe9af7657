"""The scripted models of `llm_server`: reads from a model's name what it answers, and when.

A test needs nothing but the name:

    paced-5000-500     5,000 deltas of five characters, 500 a second: '0001 0002 ...'
    talk-100           100 such deltas a second until `LLMServer.hush()`, a minute long at most
    think-10           10 deltas of reasoning, then 10 of text
    slowstart-2        2 s of silence, then 50 deltas
    say-<base64url>    that text, in deltas of 4 characters; see `say()`
    blocks-<base64url> these content blocks (JSON), in Anthropic's format; see `blocks()`
    rounds-<base64url> a list of such blocks for each round of a run with tools; see `rounds()`
    drawl-<base64url>  as `say`, slowly enough that a delayed reader still sees it grow
    cut-50             50 deltas, then the connection breaks off
    eof-50             50 deltas, then the body ends without the protocol's terminal event
    hang-10            10 deltas, then silence on an open connection
    malformed-10       10 deltas, then a line that is not JSON
    status-401         no answer, but that error; 429 comes with Retry-After
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

RATE = 200.0
End = Literal["stop", "cut", "eof", "hang", "malformed"]


@dataclass(frozen=True)
class Script:
    """What a model does: wait, send deltas at a pace, end in some way; or answer with an error."""

    text: tuple[str, ...] = ()
    thinking: tuple[str, ...] = ()
    blocks: tuple[dict[str, Any], ...] = ()
    rate: float = RATE
    delay: float = 0.0
    hushable: bool = False
    end: End = "stop"
    status: int = 200
    burst: int = 0
    """Deltas between two pauses; 0: there are none."""
    pause: float = 0.0

    def due(self, seconds: float) -> int:
        """How many deltas are sent within so many seconds of the first."""
        if not self.burst:
            return int(seconds * self.rate) + 1
        bursts, rest = divmod(seconds, self.burst / self.rate + self.pause)
        return int(bursts) * self.burst + min(self.burst, int(rest * self.rate) + 1)

    @property
    def deltas(self) -> list[tuple[str, str]]:
        """The field of a delta and its chunk, in order."""
        return [
            *(("reasoning_content", chunk) for chunk in self.thinking),
            *(("content", chunk) for chunk in self.text),
        ]


def numbers(count: int) -> tuple[str, ...]:
    """'0001 ', '0002 ', ... so that a lost, doubled or misplaced delta shows."""
    width = max(4, len(str(count)))
    return tuple(f"{n:0{width}d} " for n in range(1, count + 1))


def text_of(model: str) -> str:
    """The whole text of a scripted model's answer."""
    return "".join(script_of(model).text)


def say(text: str) -> str:
    """The name of a model that answers with this text."""
    return "say-" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def blocks(*rows: dict[str, Any]) -> str:
    """The name of a model that answers with these content blocks, on `/v1/messages`."""
    return say(json.dumps(rows)).replace("say", "blocks", 1)


def rounds(*replies: list[dict[str, Any]] | str) -> str:
    """The name of a model that gives these replies one after the other, on `/v1/messages`.

    Each is a list of content blocks, or a text.
    """
    rows = [[{"type": "text", "text": one}] if isinstance(one, str) else one for one in replies]
    return say(json.dumps(rows)).replace("say", "rounds", 1)


def use(name: str, call_id: str, **arguments: Any) -> dict[str, Any]:
    """The content block of a call of a tool."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": arguments}


def drawl(text: str) -> str:
    """The name of a model that answers with this text slowly."""
    return say(text).replace("say", "drawl", 1)


def _decoded(code: str) -> str:
    return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()


def _said(code: str, rate: float = 500.0) -> Script:
    text = _decoded(code)
    return Script(tuple(text[i : i + 4] for i in range(0, len(text), 4)), rate=rate)


def _paced(spec: str) -> Script:
    count, _, rate = spec.partition("-")
    return Script(numbers(int(count)), rate=float(rate))


SCRIPTS: dict[str, Callable[[str], Script]] = {
    "paced": _paced,
    "talk": lambda rate: Script(numbers(60 * int(rate)), rate=float(rate), hushable=True),
    "say": _said,
    "blocks": lambda code: Script(blocks=tuple(json.loads(_decoded(code)))),
    "drawl": lambda code: _said(code, rate=25.0),
    "think": lambda n: Script(numbers(int(n)), thinking=numbers(int(n))),
    "slowstart": lambda seconds: Script(numbers(50), delay=float(seconds)),
    "cut": lambda n: Script(numbers(int(n)), end="cut"),
    "eof": lambda n: Script(numbers(int(n)), end="eof"),
    "hang": lambda n: Script(numbers(int(n)), end="hang"),
    "malformed": lambda n: Script(numbers(int(n)), end="malformed"),
    "status": lambda code: Script(status=int(code)),
}


def script_of(model: str, turn: int = 0) -> Script:
    """Read a model's name; a name that is no script is an unknown model.

    ``turn`` is the number of replies that the request has.
    """
    kind, _, spec = model.partition("-")
    try:
        if kind == "rounds":
            replies = json.loads(_decoded(spec))
            return Script(blocks=tuple(replies[turn % len(replies)]))
        return SCRIPTS[kind](spec)
    except (KeyError, ValueError):
        return Script(status=404)
