"""Large JSON texts: the same values as ``json.loads``, and time for other threads meanwhile."""

import json
import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from nbstream.core.json.large import is_large, parse_large
from nbstream.protocols.json_object import TooDeepError, parse_json_object

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_it_reads_what_json_reads(value: Any, indent: int | None) -> None:
    assert parse_large(json.dumps(value, indent=indent, ensure_ascii=False).encode()) == value


@given(VALUES, st.integers(0, 40), st.sampled_from(list('[]{}",:1x')))
def test_it_refuses_what_json_refuses(value: Any, at: int, mark: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    text = text[:at] + mark + text[at + 1 :]
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match="column"):
            parse_large(text.encode())
    else:
        assert parse_large(text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "is_paired"),
    [
        (r"\ud83d\ude00", True),
        (r"\uD83D\uDE00\ud83d\ude00", True),
        (r"\u00e9", True),
        (r"\ud83d", False),
        (r"\ude00", False),
        (r"\ud83d \ude00", False),
        (r"\ud83d\ud83d\ude00", False),
        (r"\ud83d\ude00\ude00", False),
    ],
)
def test_half_a_surrogate_pair_is_refused(text: str, *, is_paired: bool) -> None:
    data = f'["{text}"]'.encode()
    if is_paired:
        assert parse_large(data) == json.loads(data)
    else:
        with pytest.raises(ValueError, match="unpaired"):
            parse_large(data)


def test_other_threads_run_meanwhile() -> None:
    rows = [{"token": "a", "logprob": -0.5, "bytes": [1, 2]}] * 100_000
    data = json.dumps({"choices": [{"logprobs": {"content": rows}}]}).encode()
    assert is_large(data)
    done, steps = threading.Event(), 0

    def parse() -> None:
        parse_large(data)
        done.set()

    threading.Thread(target=parse).start()
    while not done.is_set():
        time.sleep(0.001)
        steps += 1
    assert steps > 5, "one step took all the time"


@pytest.mark.parametrize("levels", [198, 199])
@pytest.mark.parametrize("mark", ['{"a":', "["])
def test_it_is_as_deep_as_pydantics_parser(mark: str, levels: int) -> None:
    closing = "}" if mark[0] == "{" else "]"
    deep = mark * levels + '"[[{"' + closing * levels
    data = ('{"a": [' + "[1, 2], " * 40_000 + deep + "]}").encode()
    assert is_large(data)
    if levels == 198:
        assert parse_large(data) == from_json(data)
    else:
        with pytest.raises(ValueError, match="recursion limit"):
            from_json(data)
        with pytest.raises(RecursionError):
            parse_large(data)


def test_a_large_object_that_is_too_deep_is_named() -> None:
    data = b'{"a": [' + b"1, " * 100_000 + b"[" * 20_000 + b"]" * 20_000 + b"]}"
    with pytest.raises(TooDeepError, match="too deep"):
        parse_json_object(data)
