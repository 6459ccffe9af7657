"""Makes what the browser gets of the requests that wait for a person, and takes its replies.

Only an agent's stream has requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import ToolCallPart

if TYPE_CHECKING:
    from nbstream.streams import Stream

Wire = dict[str, Any]

MAX_ARGS = 100_000
"""Characters of a call's arguments. Longer ones can be approved, but not edited."""


def rows(stream: Stream) -> list[Wire]:
    """The requests that have no answer."""
    if stream.is_complete or (found := getattr(stream, "page_requests", None)) is None:
        return []
    return [row | {"args": _shown(row["args"].strip() or "{}")} for row in found.rows()]


def _shown(args: str) -> str:
    """A call's arguments; the beginning of long ones, which is no JSON."""
    left = len(args) - MAX_ARGS
    return args if left <= 0 else f"{args[:MAX_ARGS]}\n… {left:,} more characters"


def changed_args(stream: Stream) -> dict[tuple[int, str], str]:
    """The arguments that a person has put in the place of the model's, by message and call."""
    found = getattr(stream, "page_requests", None)
    return {} if found is None else dict(found.changed_args)


def changes(stream: Stream, known: int) -> list[Wire]:
    """The ops that show those arguments in the calls; ``known``: how many the page has."""
    found = []
    for (index, call_id), args in list(changed_args(stream).items())[known:]:
        for at, part in enumerate(stream.messages[index].parts):
            if isinstance(part, ToolCallPart) and part.tool_call_id == call_id:
                found.append({"kind": "tool_end", "message": index, "index": at, "text": args})
    return found


def reply(stream: Stream, message: Wire) -> Wire:
    """Take a reply of the page; returns what to tell the page."""
    found = getattr(stream, "page_requests", None)
    answer: Wire = {"late": True} if found is None else found.reply(message)
    return {"t": "reply", "n": message.get("n"), **answer}
