"""Reading a typed stream item by item and with the state of its values."""

import gc
import threading
import weakref
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

import nbstream
from nbstream.core import events as ev
from nbstream.core.message import TextPart
from nbstream.errors import ConnectionFailedError, OutputError, UsageError
from nbstream.output import Needed, OutputState, Whole
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async
from tests.harness.in_step import in_step


class Item(BaseModel):
    """An item of an order."""

    name: Annotated[str, Needed()]
    price: float


class Order(BaseModel):
    """An order."""

    title: Annotated[str, Whole()]
    items: list[Item] = []


ORDER = (
    '{"title": "For Ada", "items": [{"name": "Green tea", "price": 2.5},'
    ' {"name": "Bun", "price": 1}, {"name": "Milk", "price": 2}]}'
)
WHOLE = Order.model_validate_json(ORDER)
SLOW = 0.005  # seconds between pieces, and until the readers have read the last one
END = (ev.TextEnd(0), ev.StreamEnd("stop"))
BEGIN = (ev.StreamStart(), ev.TextStart(0))


def ask(*answers: Any, output_type: Any = Order, delay: float = 0.0) -> nbstream.Stream[Any]:
    model = ScriptedModel(*answers, delay=delay)
    stream = nbstream.stream(model, "An order, please.", output_type=output_type)
    return in_step(stream) if delay == SLOW else stream


def test_each_item_comes_once_and_before_the_answer_ends() -> None:
    stream = ask(ORDER, delay=SLOW)
    seen = [(item, stream.is_complete) for item in stream.stream_items("items")]
    assert [item for item, _ in seen] == WHOLE.items
    assert [ended for _, ended in seen][:2] == [False, False]
    assert stream.get_output() == WHOLE


def test_a_list_at_the_root() -> None:
    names = ask('{"result": ["a", "b"]}', output_type=list[str], delay=SLOW).stream_items()
    assert next(names) == "a"
    assert list(names) == ["b"]
    assert list(ask('["a", "b"]', output_type=list[str]).stream_items()) == ["a", "b"]


def test_with_async_code() -> None:
    async def main() -> tuple[list[Any], list[Any], Any]:
        async with ask(ORDER, delay=SLOW) as stream:
            items = [item async for item in stream.stream_items("items")]
            late = [item async for item in stream.stream_items("items")]
            return items, late, stream.output_state

    items, late, state = run_async(main())
    assert items == late == WHOLE.items
    assert state.is_whole
    assert state.value == WHOLE


def test_readers_are_independent_and_a_late_one_gets_all() -> None:
    with ask(ORDER, delay=0.01) as stream:
        early, other = stream.stream_items("items"), stream.stream_items("items")
        first = next(early)
        values = stream.stream_output(debounce_by=None)
        next(values)
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.extend(other))
        thread.start()
        rest = list(early)
        thread.join()
        assert [first, *rest] == found == WHOLE.items
        assert list(values)[-1] == WHOLE
    assert list(stream.stream_items("items")) == WHOLE.items


def test_a_second_answer_begins_again() -> None:
    old = ev.TextDelta(0, '{"title": "x", "items": [{"name": "old", "price": 1}, {"name": "cut')
    again = (ev.Retry(2, "again"), *BEGIN)
    stream = ask([*BEGIN, old, *again, ev.TextDelta(0, ORDER), *END], delay=SLOW)
    assert [item.name for item in stream.stream_items("items")] == [
        "old",
        "Green tea",
        "Bun",
        "Milk",
    ]
    assert list(stream.stream_items("items")) == WHOLE.items, "a late reader gets the second one"


def test_a_cut_item_does_not_come() -> None:
    with ask(ORDER, delay=SLOW) as stream:
        items = stream.stream_items("items")
        next(items)
        stream.cancel()
        rest = list(items)
    assert stream.finish_reason == "cancelled"
    assert rest in ([], WHOLE.items[1:2], WHOLE.items[1:])
    part = ev.TextDelta(0, ORDER[: ORDER.index("Bun") + 3])
    failing = ask([*BEGIN, part, ConnectionFailedError("It broke.")]).stream_items("items")
    assert next(failing) == WHOLE.items[0]
    with pytest.raises(ConnectionFailedError):
        next(failing)


def test_an_item_that_is_not_valid_is_left_out_and_raised_at_the_end() -> None:
    text = ORDER.replace('"price": 1}', '"price": "dear"}')
    seen: list[Any] = []
    stream = ask(text, delay=SLOW)
    with pytest.raises(OutputError, match=r"items\.1\.price"):
        seen.extend(stream.stream_items("items"))
    assert seen == [WHOLE.items[0], WHOLE.items[2]]


def test_an_answer_whose_end_is_missing() -> None:
    limit = nbstream.Message("assistant", (TextPart(ORDER[:-2]),), finish_reason="length")
    seen: list[Any] = []
    with pytest.raises(OutputError, match="limit"):
        seen.extend(ask(limit).stream_items("items"))
    assert seen == WHOLE.items
    stream = ask(ORDER[:-2])
    assert list(stream.stream_items("items")) == WHOLE.items
    assert stream.get_output() == WHOLE
    assert stream.repairs == ("added 2 missing closing brackets at the end",)
    assert stream.message.parsed_output == WHOLE


def test_a_wrong_list_is_refused_at_the_call() -> None:
    with pytest.raises(UsageError, match="item by item"):
        ask(ORDER).stream_items()
    with pytest.raises(UsageError, match="output type"):
        nbstream.stream(ScriptedModel("x"), "hi").stream_items()
    with pytest.raises(UsageError, match="output type"):
        _ = nbstream.stream(ScriptedModel("x"), "hi").output_state
    with pytest.raises(UsageError, match="seconds"):
        ask(ORDER).stream_items("items", debounce_by=-1)


def test_states_while_the_answer_arrives() -> None:
    stream = ask(ORDER, delay=3 * SLOW)
    assert stream.output_state == OutputState(None, None)
    seen = list(stream.stream_output_state(debounce_by=None))
    titles = [state.of("title") for state in seen]
    assert titles == sorted(titles, key=["pending", "growing", "whole"].index)
    assert len(set(titles)) > 1
    for state in seen:
        assert hasattr(state.value, "title") == (state.of("title") == "whole")
        assert state.value is not None
        for at, item in enumerate(state.value.items):
            if state.of("items", at) == "whole":
                assert item == WHOLE.items[at]
    assert seen[-1].is_whole
    assert seen[-1].value == WHOLE == stream.output_state.value
    assert [state.is_whole for state in seen].count(True) == 1
    assert list(stream.stream_output_state()) == [stream.output_state]


def test_the_state_after_a_cancellation_and_after_a_wrong_answer() -> None:
    with ask(ORDER, delay=SLOW) as stream:
        for state in stream.stream_output_state(debounce_by=None):
            if state.path == ("items", 1, "name"):
                break
    now = stream.output_state
    assert not now.is_whole
    assert now.of("items") == "growing"
    assert now.of("items", 0) == "whole"
    wrong = ask('{"title": "x", "items": [{"name": "a", "price": "dear"}]}')
    seen: list[Any] = []
    with pytest.raises(OutputError):
        seen.extend(wrong.stream_output_state(debounce_by=None))
    assert seen[-1] == wrong.output_state
    assert [problem.path for problem in wrong.output_state.problems] == [("items", 0, "price")]


@pytest.mark.parametrize("kind", ["items", "state"])
def test_a_reader_does_not_keep_its_stream(kind: str) -> None:
    stream = ask(ORDER)
    if kind == "items":
        list(stream.stream_items("items"))
    else:
        list(stream.stream_output_state())
    gone = weakref.ref(stream)
    del stream
    gc.collect()
    assert gone() is None


def test_what_was_repaired_is_told() -> None:
    text = (
        "Sure:\n```json\n{title: 'For Ada', \"items\": [{'name': 'Bun', 'price': 1,},]} // ok\n```"
    )
    stream = ask(text, delay=SLOW)
    assert list(stream.stream_items("items")) == [Item(name="Bun", price=1)]
    assert stream.get_output() == Order(title="For Ada", items=[Item(name="Bun", price=1)])
    assert stream.message.parsed_output == stream.get_output()
    assert "removed 2 trailing commas" in stream.repairs
    assert "read 1 key without quotes" in stream.repairs


def test_plain_words_where_the_type_takes_a_text() -> None:
    stream = ask("I need to know more.", output_type=str | Order, delay=SLOW)
    values = list(stream.stream_output(debounce_by=None))
    assert len(values) > 2
    assert values[-1] == stream.get_output() == "I need to know more."
    assert stream.repairs == ()
    assert ask(ORDER, output_type=str | Order).get_output() == WHOLE
