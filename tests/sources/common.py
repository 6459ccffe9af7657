"""Runs in the environment of one library: its cases, each beside nbstream's own answer.

``python -m tests.sources.library_NAME URL`` prints a line of JSON for each case: its name, the
message that ``from_stream()`` made, and the one of nbstream's own client for the same request.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Container, Mapping
from typing import Any

import nbstream
from nbstream.core.codec import message_to_dict

KEY = "test-key-0123456789"
HELLO, THINK, WEATHER, COUNT = "say hello", "think first", "the weather", "count the tokens"
TOOL = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}


def own(name: str, url: str, prompt: str, **keywords: Any) -> nbstream.Message:
    """The message of nbstream's own client."""
    stream = nbstream.stream(name, prompt, base_url=url, api_key=KEY, **keywords)
    return stream.get_final_message()


def weather() -> nbstream.ToolSpec:
    """The tool that the cases offer."""
    return nbstream.ToolSpec("get_weather", "The weather in a city.", TOOL)


def run(
    cases: Mapping[str, Callable[[str], Any]], raw: Mapping[str, str], without: Container[str] = ()
) -> None:
    """Run the cases. Each returns a stream, or a coroutine that does, and the expected message.

    ``raw`` has the class of ``stream.raw`` for some of them, ``without`` the fields of a message
    that the library does not give.
    """
    url = sys.argv[1]
    for name, case in cases.items():
        found = case(url)
        stream, expected = asyncio.run(found) if asyncio.iscoroutine(found) else found
        stream.wait()
        row = {
            "case": name,
            "error": None if stream.error is None else repr(stream.error),
            "message": _cut(message_to_dict(stream.message), without),
            "expected": _cut(message_to_dict(expected), without),
            "model": stream.model,
            "raw": type(stream.raw).__name__.partition("[")[0],
            "expected_raw": raw.get(name),
        }
        print(json.dumps(row), flush=True)


def _cut(value: Any, without: Container[str]) -> Any:
    """A message as JSON, without some fields, also of its parts."""
    if isinstance(value, list):
        return [_cut(one, without) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _cut(one, without) for name, one in value.items() if name not in without}


async def ended(stream: nbstream.Stream, *, blocking: bool = False) -> nbstream.Stream:
    """The stream, read to its end on the caller's loop: awaited, or blocking it."""
    if blocking:
        stream.until_done()
    else:
        await stream
    return stream
