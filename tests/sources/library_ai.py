"""The cases of Vercel's ``ai``, which needs Python 3.12; see ``common``."""

from collections.abc import AsyncGenerator
from typing import Any

import ai
from ai.types.messages import BuiltinToolReturnPart
from ai.types.usage import Usage

import nbstream
from nbstream.messages import BuiltinToolCallPart, BuiltinToolResultPart, FilePart, TextPart
from nbstream.messages import Usage as OwnUsage
from tests.sources.common import COUNT, HELLO, KEY, THINK, TOOL, WEATHER, ended, own, run, weather

MODEL, OPENAI = "claude-sonnet-4-5", "gpt-5.2"
STEPS, NESTED = "agent: one tool", "agent: nested"


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


def openai_model(url: str, protocol: Any = None) -> Any:
    provider = ai.get_provider("openai", base_url=f"{url}/v1", api_key=KEY)
    return ai.Model(id=OPENAI, provider=provider, protocol=protocol)


def expected(url: str, prompt: str) -> nbstream.Message:
    return own(f"anthropic/{MODEL}", url, prompt)


def streamed(prompt: str) -> Any:
    async def case(url: str) -> Any:
        manager = ai.stream(model(url), [ai.user_message(prompt)])
        return await ended(nbstream.from_stream(manager)), expected(url, prompt)

    return case


def of_openai(name: str, prompt: str, protocol: Any = None) -> Any:
    async def case(url: str) -> Any:
        offered = {"tools": [ai.Tool(name="get_weather", kind="function", spec=spec)]}
        tools = offered if prompt == WEATHER else {}
        manager = ai.stream(openai_model(url, protocol), [ai.user_message(prompt)], **tools)
        ours = {"tools": [weather()]} if prompt == WEATHER else {}
        found = await ended(nbstream.from_stream(manager))
        return found, own(f"{name}/{OPENAI}", f"{url}/v1", prompt, **ours)

    spec = ai.tools.ToolSpec(description="The weather in a city.", params=TOOL)
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
    assert [one.parts for one in stream.messages] == [one.parts for one in ours.messages]
    return stream, ours.message


async def agent_in_an_agent(url: str) -> Any:
    @ai.tool
    async def helper(prompt: str) -> ai.SubAgentTool:
        """Ask a helper."""
        async with ai.Agent().run(model(url), [ai.user_message(prompt)]) as run:
            async for event in run:
                yield event

    manager = ai.Agent(tools=[helper]).run(model(url), [ai.user_message(NESTED)])
    stream = await ended(nbstream.from_stream(manager))
    inside = stream.call_records[0, "call_n"].nested
    assert inside is not None
    assert [one.text for one in inside.messages] == ["Just text."], "what happened inside the call"
    own_model = nbstream.get_model(f"anthropic/{MODEL}", base_url=url, api_key=KEY)
    inner = nbstream.Agent(own_model).as_tool("helper", "Ask a helper.")
    ours = nbstream.Agent(own_model, tools=[inner]).run_stream_sync(NESTED)
    ours.until_done()
    assert [one.parts for one in stream.messages] == [one.parts for one in ours.messages]
    return stream, ours.message


async def parts_of_every_kind(_url: str) -> Any:
    """Events that the mock server does not make a provider send."""
    png, search = b"a picture", {"url": "https://example.org", "title": "Example"}
    result = BuiltinToolReturnPart(tool_call_id="ws", tool_name="search", result=[search])
    call = ai.messages.BuiltinToolCallPart(tool_call_id="ws", tool_name="search")
    counted = Usage(
        input_tokens=12,
        output_tokens=5,
        cache_read_tokens=2,
        cache_write_tokens=30,
        raw={"input_tokens": 10, "cache_creation_input_tokens": 30},
    )

    async def events() -> AsyncGenerator[Any]:
        made = ai.events
        yield made.StreamStart()
        yield made.TextStart(block_id="0")
        yield made.TextDelta(block_id="0", chunk="This is void.")
        yield made.Retry()
        yield made.StreamStart()
        yield made.BuiltinToolStart(tool_call_id="ws", tool_name="search")
        yield made.BuiltinToolDelta(tool_call_id="ws", chunk='{"query": "sky"}')
        yield made.BuiltinToolEnd(tool_call_id="ws", tool_call=call)
        yield made.BuiltinToolResult(tool_call_id="ws", result=result)
        for name, data in (("1:partial", b"half"), ("1", png)):
            yield made.FileEvent(block_id=name, media_type="image/png", data=data)
        yield made.TextStart(block_id="2")
        yield made.TextDelta(block_id="2", chunk="Found.")
        yield made.StreamEnd(usage=counted, finish_reason="stop", response_model=MODEL)

    stream = await ended(nbstream.from_stream(ai.Stream(events())))
    found = [{"url": "https://example.org", "title": "Example"}]
    parts = (
        BuiltinToolCallPart("ws", "search", '{"query": "sky"}'),
        BuiltinToolResultPart("ws", "search", found),
        FilePart("image/png", png),
        TextPart("Found."),
    )
    usage = OwnUsage(42, 5, 2, 30)
    return stream, nbstream.Message("assistant", parts, usage, "stop", None, MODEL)


if __name__ == "__main__":
    chat = ai.providers.openai.protocol.OpenAIChatCompletionsProtocol()
    run(
        {
            "stream: text": streamed(HELLO),
            "stream: thinking": streamed(THINK),
            "stream: usage": streamed(COUNT),
            "stream: entered": entered,
            "stream: blocking the loop": blocking_the_loop,
            "stream: in a script": in_a_script,
            "stream: Responses": of_openai("openai", COUNT),
            "stream: Responses, tool": of_openai("openai", WEATHER),
            "stream: Chat Completions": of_openai("openai-chat", COUNT, chat),
            "stream: Chat Completions, tool": of_openai("openai-chat", WEATHER, chat),
            "stream: parts of every kind": parts_of_every_kind,
            "agent": agent,
            "agent in an agent": agent_in_an_agent,
        },
        raw={"stream: text": "Message", "agent": "Message"},
        without={"provider_metadata", "custom_address", "provider"},
    )
