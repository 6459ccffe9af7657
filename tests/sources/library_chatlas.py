"""The cases of chatlas; see ``common``."""

from typing import Any

import chatlas

import nbstream
from tests.sources.common import HELLO, KEY, ended, own, run

MODEL = "gpt-5.2"
STEPS = "agent: one tool"


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def chat(url: str) -> Any:
    return chatlas.ChatOpenAICompletions(model=MODEL, base_url=f"{url}/v1", api_key=KEY)


def expected(url: str) -> nbstream.Message:
    return own(f"openai-chat/{MODEL}", f"{url}/v1", HELLO)


def texts(url: str) -> Any:
    return nbstream.from_stream(chat(url).stream(HELLO), model="openai/gpt"), expected(url)


def everything(url: str) -> Any:
    stream = chat(url).stream(HELLO, content="all")
    return nbstream.from_stream(stream, model="openai/gpt"), expected(url)


def prompted(url: str) -> Any:
    return nbstream.from_stream(chat(url), HELLO, model="openai/gpt"), expected(url)


def with_a_tool(url: str) -> Any:
    asked = chat(url)
    asked.register_tool(add)
    stream = nbstream.from_stream(asked, STEPS, model="openai/gpt")
    stream.until_done()
    assert [one.role for one in stream.messages] == ["assistant", "tool", "assistant"]
    call, result = stream.messages[0].tool_calls[0], stream.messages[1].parts[0]
    assert call.tool_name == result.tool_name == "add"
    assert call.tool_call_id == result.tool_call_id
    model = nbstream.get_model(f"openai-chat/{MODEL}", base_url=f"{url}/v1", api_key=KEY)
    agent = nbstream.Agent(model, tools=[add]).run_stream_sync(STEPS)
    agent.until_done()
    return stream, agent.message


async def awaited(url: str) -> Any:
    pieces = await chat(url).stream_async(HELLO)
    return await ended(nbstream.from_stream(pieces, model="openai/gpt")), expected(url)


async def blocking_the_loop(url: str) -> Any:
    coroutine = chat(url).stream_async(HELLO)
    stream = nbstream.from_stream(coroutine, model="openai/gpt")
    return await ended(stream, blocking=True), expected(url)


if __name__ == "__main__":
    run(
        {
            "stream": texts,
            "stream: everything": everything,
            "chat and prompt": prompted,
            "chat with a tool": with_a_tool,
            "stream_async": awaited,
            "stream_async: blocking the loop": blocking_the_loop,
        },
        raw={"stream": "NoneType", "chat and prompt": "AssistantTurn"},
        without={"usage", "model", "provider", "id", "provider_metadata", "custom_address"},
    )
