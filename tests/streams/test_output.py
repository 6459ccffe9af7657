"""A typed stream: partial values, the final value, and the errors if there is none."""

import dataclasses
import enum
import gc
import threading
import time
from itertools import pairwise
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

import nbstream
from nbstream.core import events as ev
from nbstream.core.log import Log
from nbstream.core.message import RefusalPart, TextPart, ThinkingPart, ToolCallPart
from nbstream.errors import (
    CancelledStreamError,
    ConnectionFailedError,
    IncompleteResponseError,
    OutputError,
    UsageError,
)
from nbstream.streams.output import Output
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async
from tests.harness.in_step import in_step


class Item(BaseModel):
    """An item of an order."""

    name: str
    price: float


class Order(BaseModel):
    """An order."""

    title: str
    items: list[Item] = Field(default_factory=list)


ORDER = (
    '{"title": "For Ada", "items": [{"name": "Green tea", "price": 2.5},'
    ' {"name": "Bun", "price": 1}]}'
)
WHOLE = Order.model_validate_json(ORDER)
SLOW = 0.005  # seconds between pieces, and until the readers have read the last one


def ask(*answers: Any, output_type: Any = Order, delay: float = 0.0) -> nbstream.Stream[Any]:
    model = ScriptedModel(*answers, delay=delay)
    stream = nbstream.stream(model, "An order, please.", output_type=output_type)
    return in_step(stream) if delay == SLOW else stream


def test_values_of_the_type_while_they_arrive() -> None:
    values = list(ask(ORDER, delay=SLOW).stream_output(debounce_by=None))
    assert all(type(value) is Order for value in values)
    assert len(values) > 4
    assert values[-1] == WHOLE
    titles = [value.title for value in values if "title" in value.model_fields_set]
    assert titles[0] in "For Ada"
    assert all(late.startswith(early) for early, late in pairwise(titles))
    counts = [len(value.items) for value in values if "items" in value.model_fields_set]
    assert counts == sorted(counts)
    # Shown before its price has arrived, which pydantic's partial mode cannot do.
    shown = [value for value in values if "items" in value.model_fields_set]
    first = [value.items[0] for value in shown if value.items]
    assert any(not hasattr(item, "price") for item in first)


def test_a_returned_value_does_not_change() -> None:
    stream = ask(ORDER, delay=SLOW)
    seen = [(value, repr(value)) for value in stream.stream_output(debounce_by=None)]
    assert all(repr(value) == then for value, then in seen)


def test_debounced() -> None:
    began = time.monotonic()
    values = list(ask(ORDER, delay=SLOW).stream_output(debounce_by=0.1))
    took = time.monotonic() - began
    assert 2 <= len(values) <= took / 0.1 + 1, "at most one every tenth of a second, and the last"
    assert values[-1] == WHOLE


def test_the_same_with_async_code() -> None:
    async def main() -> tuple[list[Any], Any]:
        async with ask(ORDER, delay=SLOW) as stream:
            values = [value async for value in stream.stream_output(debounce_by=None)]
            return values, await stream.get_output()

    values, final = run_async(main())
    assert len(values) > 4
    assert values[-1] == final == WHOLE


def test_the_value_can_be_read_at_any_time() -> None:
    stream = ask(ORDER, delay=SLOW)
    seen: list[Any] = [stream.output]
    assert seen == [None]
    seen += [stream.output for _ in stream.text_stream]
    assert len({repr(value) for value in seen}) > 8
    assert stream.output == stream.get_output() == WHOLE
    assert stream.output is stream.output
    assert stream.message.output == stream.text == ORDER


def test_readers_are_independent_and_a_late_one_gets_all() -> None:
    stream = ask(ORDER, delay=0.01)
    with stream as s:
        views = [s.stream_output(debounce_by=None) for _ in range(2)]
        for _ in range(3):
            next(views[0])
        late = next(views[1])
        assert late is not None
        assert [list(view)[-1] for view in views] == [WHOLE, WHOLE]
        assert s.text == ORDER
    assert list(stream.stream_output()) == [WHOLE]


def test_in_several_threads() -> None:
    stream = ask(ORDER, delay=SLOW)
    ends: list[Any] = []

    def read() -> None:
        ends.append(list(stream.stream_output(debounce_by=None))[-1])

    with stream:
        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ends == [WHOLE] * 4


@dataclasses.dataclass
class Point:
    """A place."""

    x: int
    y: int = 0


class City(TypedDict):
    """A place with a name."""

    name: str


class Color(enum.Enum):
    """One of two."""

    RED = "red"
    BLUE = "blue"


TYPES: dict[str, tuple[Any, str, Any]] = {
    "dataclass": (Point, '{"x": 1}', Point(1)),
    "typed dict": (City, '{"name": "Rome"}', {"name": "Rome"}),
    "list": (list[Point], '{"result": [{"x": 1}, {"x": 2}]}', [Point(1), Point(2)]),
    "union": (Point | Item, '{"result": {"name": "Bun", "price": 1}}', Item(name="Bun", price=1)),
    "enum": (Color, '{"result": "blue"}', Color.BLUE),
    "literal": (Literal["a", "b"], '{"result": "b"}', "b"),
    "int": (int, '{"result": 42}', 42),
    "bare int": (int, "42", 42),
    "bool": (bool, '{"result": false}', False),
    "none": (Point | None, '{"result": null}', None),
    "dict": (dict[str, int], '{"a": 1}', {"a": 1}),
    "text": (str, "Just a text.", "Just a text."),
}


@pytest.mark.parametrize("kind", TYPES)
def test_each_kind_of_type(kind: str) -> None:
    output_type, text, value = TYPES[kind]
    stream = ask(text, output_type=output_type)
    assert list(stream.stream_output())[-1] == value
    assert stream.get_output() == value
    assert stream.output == value


def test_the_type_is_sent_to_the_model() -> None:
    model = ScriptedModel(ORDER)
    nbstream.stream(model, "hi", output_type=Order).until_done()
    spec = model.requests[0].params["output"]
    assert spec.name == "Order"
    assert set(spec.schema["properties"]) == {"title", "items"}


# Invalid values

WRONG: dict[str, tuple[str, str]] = {
    "prose": ("I would rather not.", "no JSON"),
    "two objects": ('{"title": "a"} {"title": "b"}', "more than one"),
    "wrong type": ('{"title": "a", "items": 7}', "items"),
    "missing": ('{"items": []}', "title"),
    "cut off": ('{"title": "Green', "ends before"),
    "no JSON": ('{"title": nonsense}', "not JSON"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_an_invalid_value_raises_with_the_partial_answer(kind: str) -> None:
    text, words = WRONG[kind]
    stream = ask(text)
    with pytest.raises(OutputError, match=words) as caught:
        stream.get_output()
    assert caught.value.raw == stream.text == text
    assert caught.value.message == stream.message
    assert caught.value.provider == "test"
    assert caught.value.remedy
    with pytest.raises(OutputError):
        _ = stream.output
    assert stream.error is None, "the stream itself is complete"


def test_the_error_has_the_best_partial_value() -> None:
    stream = ask('{"title": "Tea", "items": [{"name": "Bun", "price": "dear"}]}', delay=SLOW)
    values: list[Order] = []
    with pytest.raises(OutputError, match=r"items\.0\.price") as caught:
        values.extend(stream.stream_output(debounce_by=None))
    assert values, "the text is shown nevertheless"
    assert values[-1].title == caught.value.partial.title == "Tea"


def test_a_markdown_fence_is_removed_and_reported() -> None:
    stream = ask(f"Here it is:\n```json\n{ORDER}\n```\nEnjoy!")
    assert stream.get_output() == WHOLE
    assert len(stream.repairs) == 3
    assert any("fence" in repair for repair in stream.repairs)
    plain = ask(ORDER)
    plain.until_done()
    assert plain.repairs == ()


def message(*parts: Any, reason: Any = "stop") -> nbstream.Message:
    return nbstream.Message("assistant", parts, finish_reason=reason)


def test_a_limit_is_named() -> None:
    stream = ask(message(TextPart(ORDER[:40]), reason="length"))
    with pytest.raises(OutputError, match="limit") as caught:
        stream.get_output()
    assert caught.value.partial.title == "For Ada"
    assert "tokens" in (caught.value.remedy or "")


def test_a_refusal_has_the_models_text() -> None:
    with pytest.raises(OutputError, match="I must not"):
        ask(message(RefusalPart("I must not."))).get_output()


def test_a_tool_call_instead_of_a_value() -> None:
    call = ToolCallPart("1", "look_up", "{}")
    stream = ask(message(TextPart("Let me see."), call, reason="tool_call"))
    with pytest.raises(OutputError, match="called look_up") as caught:
        stream.get_output()
    assert "tool_message" in (caught.value.remedy or "")


def test_thinking_is_not_part_of_the_value() -> None:
    stream = ask(message(ThinkingPart('{"title": "no"}'), TextPart(ORDER)))
    assert stream.get_output() == WHOLE


def test_text_in_several_parts_is_joined() -> None:
    stream = ask(message(TextPart(ORDER[:30]), TextPart(ORDER[30:])), delay=SLOW)
    assert list(stream.stream_output(debounce_by=None))[-1] == WHOLE


def test_a_cancelled_stream_keeps_the_partial_value() -> None:
    with ask(ORDER, delay=0.02) as stream:
        for value in stream.stream_output(debounce_by=None):
            if "title" in value.model_fields_set and value.title:
                break
    assert stream.finish_reason == "cancelled"
    assert stream.output.title in "For Ada"
    with pytest.raises(CancelledStreamError) as caught:
        stream.get_output()
    assert caught.value.message == stream.message


def test_a_broken_stream_keeps_the_partial_value() -> None:
    begun = [ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, ORDER[:40])]
    stream = ask([*begun, ConnectionFailedError("It broke.")])
    values = stream.stream_output(debounce_by=None)
    assert next(values).title == "For Ada"
    with pytest.raises(ConnectionFailedError):
        next(values)
    assert stream.output.title == "For Ada"
    with pytest.raises(ConnectionFailedError):
        stream.get_output()


def test_an_answer_without_an_end_is_an_error() -> None:
    with pytest.raises(IncompleteResponseError):
        ask([ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, ORDER)]).get_output()


def test_a_second_answer_replaces_the_first() -> None:
    begin = (ev.StreamStart(), ev.TextStart(0))
    old, new = ev.TextDelta(0, '{"title": "old'), ev.TextDelta(0, ORDER)
    again = (ev.Retry(2, "again"), ev.StreamStart(), ev.TextStart(0))
    end = (ev.TextEnd(0), ev.StreamEnd("stop"))
    stream = ask([*begin, old, *again, new, *end], delay=SLOW)
    values = list(stream.stream_output(debounce_by=None))
    assert values[0].title == "old"
    assert values[-1] == stream.get_output() == WHOLE


def test_text_that_is_corrected_at_its_end() -> None:
    script = [ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, '{"title": "Gr')]
    end = [ev.TextEnd(0, text=ORDER), ev.StreamEnd("stop")]
    stream = ask([*script, *end], delay=SLOW)
    assert list(stream.stream_output(debounce_by=None))[-1] == WHOLE


def test_validators_run_on_the_complete_value() -> None:
    class Loud(BaseModel):
        word: str

        @field_validator("word")
        @classmethod
        def _shout(cls, word: str) -> str:
            if word == "quiet":
                raise ValueError("must be loud")
            return word.upper()

    assert ask('{"word": "hello"}', output_type=Loud).get_output().word == "HELLO"
    with pytest.raises(OutputError, match="must be loud"):
        ask('{"word": "quiet"}', output_type=Loud).get_output()


class Opaque:
    """A class that pydantic does not support."""


@pytest.mark.parametrize("output_type", [Opaque, type, "Missing", lambda: 1])
def test_an_invalid_output_type_is_refused_before_sending(output_type: Any) -> None:
    model = ScriptedModel(ORDER)
    with pytest.raises(UsageError) as caught:
        nbstream.stream(model, "hi", output_type=output_type)
    assert caught.value.remedy
    assert model.requests == []


def test_a_tool_with_the_name_of_the_output_tool() -> None:
    with pytest.raises(UsageError, match="final_result"):
        nbstream.stream(
            ScriptedModel("x"), "hi", output_type=Order, tools=[{"name": "final_result"}]
        )


def test_a_type_that_the_provider_does_not_support() -> None:
    class Node(BaseModel):
        children: list["Node"]

    with pytest.raises(UsageError, match="is recursive"):
        nbstream.stream("google/gemini-2.5-flash", "hi", api_key="no-key-0", output_type=Node)


def test_the_cost_of_a_value_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each character is parsed once, however often the value is read."""
    from nbstream.typed import Partial

    fed: list[int] = []
    real = Partial.feed

    def feed(self: Partial[Any], text: str) -> bool:
        fed.append(len(text))
        return real(self, text)

    monkeypatch.setattr(Partial, "feed", feed)
    stream = ask(ORDER, delay=SLOW)
    for _ in stream.text_stream:
        _ = stream.output
    stream.get_output()
    assert sum(fed) == len(ORDER)
    assert len(fed) > 8


def test_a_long_answer_is_copied_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value is a copy of the open objects, so it is not made for each character."""
    from nbstream.typed import Partial

    copies: list[int] = []
    real = Partial.snapshot

    def snapshot(self: Partial[Any]) -> Any:
        copies.append(len(self.raw))
        return real(self)

    monkeypatch.setattr(Partial, "snapshot", snapshot)
    log, reads = Log(), 60_000
    output: Output[list[str]] = Output(log, list[str])
    log.extend([ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, '{"result": ["')])
    behind = 0
    for at in range(reads):
        log.extend([ev.TextDelta(0, "Words")])
        (text,) = output.value() or [""]
        behind = max(behind, 5 * (at + 1) - len(text))
    assert len(copies) < reads / 3
    assert sum(length < 20_000 for length in copies) > 3_900, "a short answer is copied each time"
    assert behind <= 5 * reads / 4096 + 5


def test_a_finished_stream_is_garbage_collected() -> None:
    import weakref

    stream = ask(ORDER)
    stream.get_output()
    gone = weakref.ref(stream)
    del stream
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("model", ["google/veo-3.1-generate-preview", "openai/gpt-image-1"])
def test_image_models_refuse_an_output_type(model: str) -> None:
    with pytest.raises(UsageError, match="not values of a type"):
        nbstream.stream(model, "hi", api_key="no-key-0", output_type=Order)
