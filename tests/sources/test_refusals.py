"""What is handed over by mistake: a class, a whole answer, a client, what was read before."""

import asyncio
import functools
import gc
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

import pytest
from pydantic import BaseModel

import nbstream
from nbstream import StreamWidget, errors
from tests.harness.background import run_async


def texts() -> Iterator[str]:
    yield "Blue"


async def atexts() -> AsyncIterator[str]:
    yield "Blue"


class Answer(BaseModel):
    """As the SDKs' messages are: iterating gives its fields."""

    text: str = "Blue"


class Client:
    """As the SDKs' clients are: entering gives itself."""

    closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closed = True


class Lamp:
    """Another context manager, of a name that says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class AsyncLamp:
    """The same, asynchronous."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


MISTAKES = [
    (str, "str is a class", "not its class"),
    (Answer, "Answer is a class", "not its class"),
    (texts, "texts is a function that was not called", "texts(...)"),
    (atexts, "atexts is a function", "atexts(...)"),
    (functools.partial(texts), "not called", "what it returns"),
    (lambda: texts(), "This is a function that was not called", "f(...)"),  # noqa: PLW0108
    ("a text", "type str is no stream", "[text]"),
    (b"bytes", "type bytes is no stream", "[text]"),
    (Answer(), "type Answer is a whole answer", "stream=True"),
    (Client(), "type Client was not asked", "client.messages.stream"),
]


@pytest.mark.parametrize("take", [nbstream.from_stream, StreamWidget])
@pytest.mark.parametrize(("given", "says", "remedy"), MISTAKES)
def test_a_mistake_is_named_with_its_remedy(take: Any, given: Any, says: str, remedy: str) -> None:
    with pytest.raises(errors.UsageError) as caught:
        take(given)
    assert says in caught.value.args[0]
    assert remedy in str(caught.value.remedy)


def test_a_client_is_not_closed() -> None:
    client = Client()
    with pytest.raises(errors.UsageError):
        nbstream.from_stream(client)
    assert not client.closed


@pytest.mark.parametrize("given", [Lamp(), AsyncLamp()])
@pytest.mark.timeout(30)
def test_what_enters_as_itself_does_not_hang(given: Any) -> None:
    with pytest.raises(errors.UsageError, match="is no stream"):
        nbstream.from_stream(given).until_done()


@pytest.mark.parametrize("result", [None, 3, "Blue", Answer()])
def test_what_an_awaited_object_gives_is_checked(result: Any) -> None:
    async def ask() -> Any:
        return result

    with pytest.raises(errors.UsageError, match=r"no stream|whole answer"):
        nbstream.from_stream(ask()).until_done()


def test_what_was_read_before_is_refused() -> None:
    read = texts()
    assert list(read) == ["Blue"]

    async def aread() -> Any:
        given = atexts()
        assert [piece async for piece in given] == ["Blue"]
        asked = asyncio.sleep(0)
        await asked
        return given, asked

    for given in (read, *run_async(aread())):
        with pytest.raises(errors.UsageError, match="nothing to read") as caught:
            nbstream.from_stream(given)
        assert "before anything else reads it" in str(caught.value.remedy)


@pytest.mark.parametrize("make", [texts, atexts])
def test_a_source_that_is_given_again_has_the_same_stream(make: Any) -> None:
    source = make()
    first = nbstream.from_stream(source)
    second = StreamWidget(source).stream
    assert second.get_final_text() == "Blue"
    assert first.text == "Blue"
    del first, second
    gc.collect()
    assert nbstream.from_stream(source).get_final_text() == "Blue"
    with pytest.raises(errors.UsageError, match="with other settings"):
        nbstream.from_stream(source, output_type=list[int])


def test_the_repr_without_a_model() -> None:
    assert repr(nbstream.from_stream(["Blue"])) == "<Stream: not started, 0 characters>"


def test_a_list_is_read_anew() -> None:
    pieces = ["Blue"]
    assert nbstream.from_stream(pieces) is not nbstream.from_stream(pieces)


@pytest.mark.parametrize("read", [False, True])
def test_a_source_is_let_go(read: bool) -> None:
    source: Any = texts()
    stream: Any = nbstream.from_stream(source)
    if read:
        stream.until_done()
    gone = weakref.ref(source)
    del source, stream
    gc.collect()
    assert gone() is None


def test_a_client_of_another_event_loop_says_so() -> None:
    lock = asyncio.Lock()  # as the pool of an HTTP client has

    async def asks() -> AsyncIterator[str]:
        async with lock:
            await asyncio.sleep(0.001)
            yield "Blue"

    async def main() -> None:
        await asyncio.gather(*(nbstream.from_stream(asks()) for _ in range(2)))

    asyncio.run(main())
    with pytest.raises(errors.UsageError, match="another event loop") as caught:
        asyncio.run(main())
    assert "Make another client" in str(caught.value.remedy)


def test_a_source_that_is_read_elsewhere_meanwhile_says_so() -> None:
    go_on = threading.Event()

    def slow() -> Iterator[str]:
        go_on.wait(30)
        yield "Blue"

    source: Any = slow()
    other = threading.Thread(target=lambda: next(source))
    other.start()
    try:
        while not source.gi_running:
            pass
        stream = nbstream.from_stream(source)
        with pytest.raises(errors.UsageError, match="read or closed elsewhere") as caught:
            stream.until_done()
        assert "any number of readers" in str(caught.value.remedy)
    finally:
        go_on.set()
        other.join()
