"""Awaiting a blocking method is an error that says what to write instead."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async


@pytest.fixture
def stream() -> nbstream.Stream[str]:
    return nbstream.stream(ScriptedModel("Hello."), "hi")


def coroutine(body: str, **names: Any) -> Callable[[], Awaitable[Any]]:
    """A coroutine function with that body, which type checkers would refuse."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    exec(f"async def written():\n{lines}", names)
    written: Callable[[], Awaitable[Any]] = names["written"]
    return written


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        ("get_final_message()", "`await stream`"),
        ("get_final_text()", "`(await stream).text`"),
        ("get_output()", "await s.get_output()"),
        ("until_done()", "`await stream`"),
        ("wait()", "await s.wait()"),
        ("wait(timeout=3)", "await s.wait()"),
        ("close()", "`async with stream`"),
        ("cancel()", "without `await`"),
    ],
)
def test_the_error_says_what_to_write(
    call: str, instead: str, stream: nbstream.Stream[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        run_async(coroutine(f"await stream.{call}", stream=stream)())  # type: ignore[arg-type]
    assert caught.value.text.startswith(f"{call.split('(', maxsplit=1)[0]}() cannot be awaited")
    assert instead in (caught.value.remedy or "")
    assert not stream.is_started
    assert not stream.is_complete


@pytest.mark.parametrize(
    "body",
    [
        "return await stream.get_final_text()",
        "text = 'so: ' + await stream.get_final_text()",
        "print(await stream.get_final_text())",
        "return f'{await stream.get_final_text()}'",
        "return [await stream.get_final_text() for _ in range(2)]",
        "await (\n  stream\n  .get_final_text(\n  )\n)",
        "await stream.wait(*[3])",
        "await stream.wait(**{'timeout': 3})",
        "method = stream.get_final_text\nawait method()",
        "await functools.partial(stream.get_final_text)()",
        "async with asyncio.timeout(30):\n  await stream.get_final_text()",
        "try:\n  await stream.get_final_text()\nfinally:\n  pass",
    ],
)
def test_the_error_is_raised_for_every_form_of_await(
    body: str, stream: nbstream.Stream[str]
) -> None:
    names = {"stream": stream, "asyncio": asyncio, "functools": functools}
    with pytest.raises(UsageError, match="cannot be awaited"):
        run_async(coroutine(body, **names)())  # type: ignore[arg-type]
    assert not stream.is_started


def test_the_error_is_raised_in_specialized_bytecode(stream: nbstream.Stream[str]) -> None:
    """Python rewrites instructions that run often."""
    body = """
found = 0
for _ in range(300):
    try:
        await stream.get_final_text()
    except error:
        found += 1
return found
"""
    assert run_async(coroutine(body, stream=stream, error=UsageError)()) == 300  # type: ignore[arg-type]


def test_blocking_in_a_coroutine_is_allowed(stream: nbstream.Stream[str]) -> None:
    async def same(text: str) -> str:
        return text

    async def one_by_one() -> AsyncGenerator[str, None]:
        yield stream.get_final_text()

    async def main() -> None:
        for _ in range(100):  # until Python has rewritten the instructions
            assert stream.get_final_text() == "Hello."
            assert await same(stream.get_final_text()) == "Hello."
        assert await asyncio.sleep(0, stream.get_final_text()) == "Hello."
        assert await asyncio.to_thread(stream.get_final_text) == "Hello."
        assert [text async for text in one_by_one()] == ["Hello."]
        stream.close()
        await asyncio.sleep(0)

    run_async(main())


def test_a_generation_raises_the_same_error() -> None:
    generation = nbstream.generate("openai/gpt-image-1", "A cat.", api_key="k")
    with pytest.raises(UsageError, match="await generation"):
        run_async(coroutine("await generation.result()", generation=generation)())  # type: ignore[arg-type]
    assert not generation.stream.is_started
