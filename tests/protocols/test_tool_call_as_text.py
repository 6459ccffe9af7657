"""A structured answer that came as a tool call, turned into text."""

from collections.abc import Iterator, Sequence

import pytest

from nbstream.core import events as ev
from nbstream.core.message import Message, TextPart, ToolCallPart
from nbstream.core.parts import ThinkingPart
from nbstream.core.transcript import Transcript
from nbstream.errors import IncompleteResponseError
from nbstream.protocols.structured import ToolCallAsText

ANSWER = ToolCallPart("1", "final_result", '{"a": 1}')
OTHER = ToolCallPart("2", "look_up", "{}")


class Given:
    """A decoder that yields prepared events."""

    def __init__(self, events: Sequence[ev.Event], fault: Exception | None = None) -> None:
        self._events = events
        self._fault = fault

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        yield from self._events if data else ()

    def close(self) -> Iterator[ev.Event]:
        if self._fault:
            raise self._fault
        yield from ()


def call(index: int, part: ToolCallPart, *chunks: str) -> list[ev.Event]:
    return [
        ev.ToolStart(index, part.tool_call_id, part.tool_name),
        *(ev.ToolDelta(index, chunk) for chunk in chunks),
        ev.ToolEnd(index, part),
    ]


def told(*events: ev.Event) -> tuple[list[ev.Event], Message]:
    decoder = ToolCallAsText(Given(events), "final_result")
    made = [*decoder.feed(b"x"), *decoder.close()]
    transcript = Transcript()
    for event in made:
        transcript.apply(event)
    return made, transcript.message()


def test_argument_deltas_become_text_deltas() -> None:
    made, message = told(
        *[ev.ThinkingStart(0), ev.ThinkingDelta(0, "Hm."), ev.ThinkingEnd(0)],
        *call(1, ANSWER, '{"a"', ": 1}"),
        ev.StreamEnd("tool_call"),
    )
    assert [event.chunk for event in made if isinstance(event, ev.TextDelta)] == ['{"a"', ": 1}"]
    assert message.parts == (ThinkingPart("Hm."), TextPart('{"a": 1}'))
    assert message.finish_reason == "stop"


@pytest.mark.parametrize("chunks", [(), ('{"a": ',)])
def test_arguments_without_deltas_become_text_at_the_end(chunks: tuple[str, ...]) -> None:
    made, message = told(*call(0, ANSWER, *chunks), ev.StreamEnd("tool_call"))
    assert message.text == '{"a": 1}'
    if not chunks:
        assert any(isinstance(event, ev.TextDelta) for event in made)


def test_other_tools_remain_calls() -> None:
    _, message = told(*call(0, OTHER, "{}"), ev.StreamEnd("tool_call"))
    assert message.tool_calls == [OTHER]
    assert message.finish_reason == "tool_call"
    _, both = told(*call(0, OTHER, "{}"), *call(1, ANSWER, '{"a": 1}'), ev.StreamEnd("tool_call"))
    assert both.tool_calls == [OTHER]
    assert both.text == '{"a": 1}'
    assert both.finish_reason == "tool_call", "somebody must answer the other call"


def test_finish_reason_length_is_kept() -> None:
    _, message = told(*call(0, ANSWER, '{"a'), ev.StreamEnd("length"))
    assert message.finish_reason == "length"


def test_a_retry_starts_again() -> None:
    first = [ev.StreamStart(), *call(0, ANSWER, '{"a": 1}')]
    second = [ev.Retry(2, "again"), ev.TextStart(0), ev.TextDelta(0, "no"), ev.TextEnd(0)]
    _, message = told(*first, *second, ev.StreamEnd("stop"))
    assert message.text == "no"


def test_errors_pass_through() -> None:
    decoder = ToolCallAsText(Given([], IncompleteResponseError("It stopped.")), "final_result")
    with pytest.raises(IncompleteResponseError):
        list(decoder.close())
