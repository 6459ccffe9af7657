"""The cases of PydanticAI; see ``common``."""

from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

import nbstream
from tests.sources.common import HELLO, KEY, THINK, ended, own, run

CLAUDE, GPT = "claude-sonnet-4-5", "gpt-5.2"
STEPS = "agent: one tool"


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def agent(url: str, **settings: Any) -> Any:
    provider = AnthropicProvider(api_key=KEY, base_url=url)
    return Agent(AnthropicModel(CLAUDE, provider=provider), **settings)


def own_agent(url: str) -> nbstream.Message:
    model = nbstream.get_model(f"anthropic/{CLAUDE}", base_url=url, api_key=KEY)
    stream = nbstream.Agent(model, tools=[add]).run_stream_sync(STEPS)
    stream.until_done()
    return stream.message


async def run_stream(url: str) -> Any:
    stream = await ended(nbstream.from_stream(agent(url).run_stream(HELLO)))
    return stream, own(f"anthropic/{CLAUDE}", url, HELLO)


async def run_stream_entered(url: str) -> Any:
    async with agent(url).run_stream(THINK) as result:
        stream = await ended(nbstream.from_stream(result))
        assert await result.get_output() == stream.text, "the result is still usable"
    return stream, own(f"anthropic/{CLAUDE}", url, THINK)


async def run_stream_events(url: str) -> Any:
    stream = await ended(nbstream.from_stream(agent(url).run_stream_events(HELLO)))
    return stream, own(f"anthropic/{CLAUDE}", url, HELLO)


async def iterated(url: str) -> Any:
    stream = await ended(nbstream.from_stream(agent(url).iter(THINK)))
    return stream, own(f"anthropic/{CLAUDE}", url, THINK)


def prompted(url: str) -> Any:
    with agent(url).run_stream_sync(HELLO) as result:
        try:
            nbstream.from_stream(result)
        except nbstream.errors.UsageError as error:
            assert "agent.run_stream(prompt)" in str(error)  # noqa: PT017 - this is no test
        else:
            raise AssertionError("it cannot be read on another thread")
    stream = nbstream.from_stream(agent(url), HELLO)
    return stream, own(f"anthropic/{CLAUDE}", url, HELLO)


async def with_a_tool(url: str) -> Any:
    stream = nbstream.from_stream(agent(url, tools=[add]), STEPS)
    await ended(stream, blocking=True)
    assert [one.role for one in stream.messages] == ["assistant", "tool", "assistant"]
    assert stream.messages[0].tool_calls[0].tool_name == "add"
    return stream, own_agent(url)


async def events_with_a_tool(url: str) -> Any:
    stream = nbstream.from_stream(agent(url, tools=[add]).run_stream_events(STEPS))
    await ended(stream)
    assert [one.role for one in stream.messages] == ["assistant", "tool", "assistant"]
    assert stream.messages[0].usage is not None
    return stream, own_agent(url)


async def responses(url: str) -> Any:
    provider = OpenAIProvider(api_key=KEY, base_url=f"{url}/v1")
    asked = Agent(OpenAIResponsesModel(GPT, provider=provider))
    stream = await ended(nbstream.from_stream(asked, HELLO))
    return stream, own(f"openai/{GPT}", f"{url}/v1", HELLO)


class Recipe(BaseModel):
    """The type of the answer in the tests' fixtures."""

    name: str
    minutes: int


def typed(form: str) -> Any:
    async def case(url: str) -> Any:
        asked = getattr(agent(url, output_type=Recipe), form)("a recipe")
        stream = await ended(nbstream.from_stream(asked))
        assert stream.output == Recipe(name="Pancakes", minutes=20)
        async with stream as opened:
            assert await opened.get_output() == stream.output
        return stream, stream.message

    return case


async def left_too_early(url: str) -> Any:
    async with agent(url).run_stream("say slowly") as opened:
        pass
    stream = nbstream.from_stream(opened)
    with pytest.raises(nbstream.errors.IncompleteResponseError, match="Wait in the block"):
        await stream
    return await run_stream(url)


if __name__ == "__main__":
    run(
        {
            "run_stream": run_stream,
            "run_stream: entered": run_stream_entered,
            "run_stream_events": run_stream_events,
            "iter": iterated,
            "agent and prompt": prompted,
            "agent with a tool": with_a_tool,
            "events with a tool": events_with_a_tool,
            "agent with Responses": responses,
            "run_stream: typed": typed("run_stream"),
            "run_stream_events: typed": typed("run_stream_events"),
            "iter: typed": typed("iter"),
            "run_stream: left too early": left_too_early,
        },
        raw={
            "run_stream": "ModelResponse",
            "run_stream_events": "AgentRunResult",
            "iter": "AgentRunResult",
            "agent and prompt": "AgentRunResult",
        },
        without={"provider_metadata"},
    )
