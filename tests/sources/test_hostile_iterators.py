"""Iterators and objects that misbehave: each stream ends, and can be shown."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.display.html.answer import html


class UnshownError(Exception):
    """An exception whose text cannot be had."""

    def __str__(self) -> str:
        raise ValueError


class PanicError(BaseException):
    """What a library in another language raises: no ``Exception``."""


def failing(error: BaseException) -> Iterator[str]:
    yield "a"
    raise error


@pytest.mark.parametrize(
    "error",
    [RuntimeError("x"), UnshownError(), PanicError("x"), GeneratorExit(), StopIteration()],
    ids=lambda error: type(error).__name__,
)
def test_whatever_it_raises_the_stream_ends(error: BaseException) -> None:
    stream = nbstream.from_stream(failing(error))
    assert stream.wait(20)
    assert stream.text == "a"
    assert isinstance(stream.error, Exception)
    assert str(stream.error)
    assert "a" in html(stream)


class Endless:
    """Gives itself when it is entered, and is none to iterate."""

    def __enter__(self) -> Self:
        return type(self)()

    def __exit__(self, *_: object) -> None:
        pass


class AsyncEndless:
    """The same, asynchronous."""

    async def __aenter__(self) -> Self:
        return type(self)()

    async def __aexit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("make", [Endless, AsyncEndless])
def test_what_gives_only_more_to_enter_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(errors.UsageError, match="is no stream"):
        nbstream.from_stream(make()).get_final_text()


class Lying(str):
    """A text that says that it is long."""

    __slots__ = ()

    def __len__(self) -> int:
        return 10**9


def test_a_class_of_texts_counts_as_its_text() -> None:
    stream = nbstream.from_stream(iter([Lying("abc"), "d"]))
    assert stream.get_final_text() == "abcd"
    assert len(stream.text) == 4


def endless() -> Iterator[str]:
    while True:
        yield ""


def asleep() -> Iterator[str]:
    yield "a"
    time.sleep(3)
    yield "b"


async def blocking_the_loop() -> AsyncIterator[str]:
    yield "a"
    time.sleep(1.5)  # noqa: ASYNC251 - it is hostile
    yield "b"


@pytest.mark.parametrize("make", [endless, asleep, blocking_the_loop])
def test_it_can_be_cancelled(make: Callable[[], Any], caplog: pytest.LogCaptureFixture) -> None:
    stream = nbstream.from_stream(make())
    stream.start()
    if make is not endless:
        assert next(iter(stream.text_stream)) == "a"
    stream.cancel()
    assert stream.wait(20)
    assert stream.finish_reason == "cancelled"
    assert not caplog.records


KEY = "sk-test-0123456789abcdefghij"


@pytest.mark.parametrize("place", ["request", "response"])
@pytest.mark.parametrize("header", ["Authorization", "x-api-key"])
def test_a_library_s_error_that_quotes_the_key_is_shown_without_it(place: str, header: str) -> None:
    value = f"Bearer {KEY}" if header == "Authorization" else KEY
    request = httpx.Request("POST", "http://127.0.0.1/v1", headers={header: value})
    error = RuntimeError(f"Error code: 401 - who is {KEY}?")
    found: Any = request if place == "request" else httpx.Response(401, request=request)
    vars(error)[place] = found
    stream = nbstream.from_stream(failing(error))
    assert stream.wait(20)
    assert str(stream.error).startswith("RuntimeError: Error code: 401 - who is [key]?")
    assert KEY not in f"{stream.error!r} {html(stream)}"
    plain = RuntimeError("It broke.")
    vars(plain)[place] = found
    kept = nbstream.from_stream(failing(plain))
    assert kept.wait(20)
    assert kept.error is plain
