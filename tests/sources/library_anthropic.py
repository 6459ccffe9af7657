"""The cases of Anthropic's SDK; see ``common``."""

from typing import Any

import anthropic

import nbstream
from tests.sources.common import HELLO, KEY, THINK, TOOL, WEATHER, ended, own, run, weather

MODEL = "claude-sonnet-4-5"
TOOLS: Any = [
    {"name": "get_weather", "description": "The weather in a city.", "input_schema": TOOL}
]


def asked(prompt: str) -> dict[str, Any]:
    return {
        "model": MODEL,
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": prompt}],
        **({"tools": TOOLS} if prompt == WEATHER else {}),
    }


def expected(url: str, prompt: str) -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"anthropic/{MODEL}", url, prompt, max_tokens=1000, **tools)


def client(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=url, api_key=KEY)


def aclient(url: str) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(base_url=url, api_key=KEY)


def create(prompt: str) -> Any:
    def case(url: str) -> Any:
        stream = client(url).messages.create(stream=True, **asked(prompt))
        return nbstream.from_stream(stream), expected(url, prompt)

    return case


def helper(prompt: str) -> Any:
    def case(url: str) -> Any:
        manager = client(url).messages.stream(**asked(prompt))
        return nbstream.from_stream(manager), expected(url, prompt)

    return case


def entered(url: str) -> Any:
    with client(url).messages.stream(**asked(HELLO)) as opened:
        stream = nbstream.from_stream(opened)
        stream.until_done()
        assert opened.get_final_text() == stream.text, "the SDK's object is still usable"
    return stream, expected(url, HELLO)


def beta(url: str) -> Any:
    stream = client(url).beta.messages.create(stream=True, **asked(THINK))
    return nbstream.from_stream(stream), expected(url, THINK)


def beta_helper(url: str) -> Any:
    manager = client(url).beta.messages.stream(**asked(WEATHER))
    return nbstream.from_stream(manager), expected(url, WEATHER)


async def async_create(url: str) -> Any:
    async with aclient(url) as one:
        stream = await one.messages.create(stream=True, **asked(HELLO))
        return await ended(nbstream.from_stream(stream)), expected(url, HELLO)


async def async_not_awaited(url: str) -> Any:
    async with aclient(url) as one:
        coroutine = one.messages.create(stream=True, **asked(WEATHER))
        return await ended(nbstream.from_stream(coroutine)), expected(url, WEATHER)


async def async_helper(url: str) -> Any:
    async with aclient(url) as one:
        manager = one.messages.stream(**asked(THINK))
        return await ended(nbstream.from_stream(manager)), expected(url, THINK)


async def blocking_the_loop_of_the_client(url: str) -> Any:
    async with aclient(url) as one:
        await one.messages.create(**asked(HELLO))  # the connection belongs to this loop now
        manager = one.messages.stream(**asked(HELLO))
        return await ended(nbstream.from_stream(manager), blocking=True), expected(url, HELLO)


def async_in_a_script(url: str) -> Any:
    return nbstream.from_stream(aclient(url).messages.stream(**asked(HELLO))), expected(url, HELLO)


if __name__ == "__main__":
    run(
        {
            "create: text": create(HELLO),
            "create: thinking": create(THINK),
            "create: tool": create(WEATHER),
            "stream: text": helper(HELLO),
            "stream: thinking": helper(THINK),
            "stream: tool": helper(WEATHER),
            "stream: entered": entered,
            "beta create: thinking": beta,
            "beta stream: tool": beta_helper,
            "async create: text": async_create,
            "async create: not awaited": async_not_awaited,
            "async stream: thinking": async_helper,
            "async stream: blocking the loop": blocking_the_loop_of_the_client,
            "async stream: in a script": async_in_a_script,
        },
        raw={
            "create: text": "NoneType",
            "stream: text": "ParsedMessage",
            "beta stream: tool": "ParsedBetaMessage",
            "async stream: thinking": "ParsedMessage",
        },
    )
