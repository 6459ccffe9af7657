"""The cases of Vercel's ``ai``, which needs Python 3.12; see ``common``."""

from typing import Any

import ai

import nbstream
from tests.sources.common import HELLO, KEY, THINK, ended, own, run

MODEL = "claude-sonnet-4-5"
STEPS = "agent: one tool"


@ai.tool
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def plain_add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


plain_add.__name__ = "add"


def model(url: str) -> Any:
    provider = ai.get_provider("anthropic", base_url=url, api_key=KEY)
    return ai.Model(id=MODEL, provider=provider)


def expected(url: str, prompt: str) -> nbstream.Message:
    return own(f"anthropic/{MODEL}", url, prompt)


def streamed(prompt: str) -> Any:
    async def case(url: str) -> Any:
        manager = ai.stream(model(url), [ai.user_message(prompt)])
        return await ended(nbstream.from_stream(manager)), expected(url, prompt)

    return case


async def entered(url: str) -> Any:
    async with ai.stream(model(url), [ai.user_message(HELLO)]) as opened:
        stream = await ended(nbstream.from_stream(opened))
        assert opened.message.text == stream.text, "the object is still usable"
    return stream, expected(url, HELLO)


async def blocking_the_loop(url: str) -> Any:
    manager = ai.stream(model(url), [ai.user_message(HELLO)])
    return await ended(nbstream.from_stream(manager), blocking=True), expected(url, HELLO)


def in_a_script(url: str) -> Any:
    manager = ai.stream(model(url), [ai.user_message(HELLO)])
    return nbstream.from_stream(manager), expected(url, HELLO)


async def agent(url: str) -> Any:
    manager = ai.Agent(tools=[add]).run(model(url), [ai.user_message(STEPS)])
    stream = await ended(nbstream.from_stream(manager))
    assert [one.role for one in stream.messages] == ["assistant", "tool", "assistant"]
    own_model = nbstream.get_model(f"anthropic/{MODEL}", base_url=url, api_key=KEY)
    ours = nbstream.Agent(own_model, tools=[plain_add]).run_stream_sync(STEPS)
    ours.until_done()
    return stream, ours.message


if __name__ == "__main__":
    run(
        {
            "stream: text": streamed(HELLO),
            "stream: thinking": streamed(THINK),
            "stream: entered": entered,
            "stream: blocking the loop": blocking_the_loop,
            "stream: in a script": in_a_script,
            "agent": agent,
        },
        raw={"stream: text": "Message", "agent": "Message"},
        without={"provider_metadata", "custom_address", "provider"},
    )
