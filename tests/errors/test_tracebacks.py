"""An error shows the user's line and the public function, not nbstream's inside."""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING, Any

import pytest

import nbstream
from nbstream.errors import NBStreamError, RateLimitError, UsageError
from nbstream.testing import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable

stream: Any = nbstream.stream  # some of the calls here are wrong


def names(error: BaseException) -> list[str]:
    """The functions in the traceback, without those of this file."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame.name for frame in frames if frame.filename != __file__]


def failing() -> Any:
    return stream(ScriptedModel(RateLimitError("Too many requests.")), "hi", retries=0)


def cancelled() -> Any:
    made = stream(ScriptedModel("Hello."), "hi")
    made.cancel()
    return made


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: stream("local", "hi", temperatur=0), ["stream"]),
        (lambda: stream("local", 5), ["stream"]),
        (lambda: stream(ScriptedModel("Hello."), "hi", tools=["search"]), ["stream"]),
        (lambda: nbstream.generate("local", "A bicycle."), ["generate"]),
        (lambda: nbstream.generate(ScriptedModel(), "A bicycle.").result(), ["result"]),
        (lambda: failing().get_final_text(), ["get_final_text"]),
        (lambda: failing().get_final_message(), ["get_final_message"]),
        (lambda: failing().until_done(), ["until_done"]),
        (lambda: failing().__enter__(), ["__enter__"]),
        (lambda: list(failing().text_stream), ["__next__"]),
        (lambda: list(failing()), ["__next__"]),
        (lambda: cancelled().get_final_text(), ["get_final_text"]),
        (
            lambda: stream(ScriptedModel("No."), "hi", output_type=list[int]).get_output(),
            ["get_output"],
        ),
    ],
)
def test_a_traceback_ends_in_the_public_function(
    call: Callable[[], object], shown: list[str]
) -> None:
    with pytest.raises(NBStreamError) as caught:
        call()
    assert names(caught.value) == shown


def test_a_loop_in_async_code_shows_no_inner_frames() -> None:
    async def read() -> None:
        async for _ in failing().text_stream:
            pass

    with pytest.raises(RateLimitError) as caught:
        asyncio.run(read())
    assert names(caught.value)[-1] == "__anext__"


def test_a_blocking_call_in_await_shows_no_inner_frames() -> None:
    async def read() -> None:
        await cancelled().get_final_text()

    with pytest.raises(UsageError, match="awaited") as caught:
        asyncio.run(read())
    assert names(caught.value)[-1] == "get_final_text"


def test_each_reader_of_a_failed_stream_sees_its_own_line() -> None:
    made = failing()
    for _ in range(3):
        with pytest.raises(RateLimitError) as caught:
            made.get_final_text()
        assert names(caught.value) == ["get_final_text"]


def test_an_error_of_other_code_keeps_its_frames() -> None:
    def broken() -> None:
        raise ValueError("broken")

    class Tools:
        def __iter__(self) -> object:
            broken()
            return iter(())

    with pytest.raises((ValueError, UsageError)) as caught:
        stream(ScriptedModel("Hello."), "hi", tools=Tools())
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[-1].name == "broken"
