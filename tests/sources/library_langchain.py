"""The cases of LangChain; see ``common``."""

from typing import Any

from langchain_core.output_parsers import StrOutputParser
from langchain_openai import ChatOpenAI

import nbstream
from tests.sources.common import HELLO, KEY, TOOL, WEATHER, ended, own, run, weather

MODEL = "gpt-5.2"
FUNCTION = {"name": "get_weather", "description": "The weather in a city.", "parameters": TOOL}


def model(url: str, **settings: Any) -> Any:
    return ChatOpenAI(model=MODEL, base_url=f"{url}/v1", api_key=KEY, stream_usage=True, **settings)


def expected(url: str, prompt: str, provider: str = "openai-chat") -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"{provider}/{MODEL}", f"{url}/v1", prompt, **tools)


def blocking(url: str) -> Any:
    return nbstream.from_stream(model(url).stream(HELLO)), expected(url, HELLO)


def calls(url: str) -> Any:
    stream = nbstream.from_stream(model(url).bind_tools([FUNCTION]).stream(WEATHER))
    return stream, expected(url, WEATHER)


async def astream(url: str) -> Any:
    stream = await ended(nbstream.from_stream(model(url).astream(HELLO)))
    return stream, expected(url, HELLO)


async def blocking_the_loop(url: str) -> Any:
    asked = model(url)
    await asked.ainvoke(HELLO)  # the connection belongs to this loop now
    stream = await ended(nbstream.from_stream(asked.astream(HELLO)), blocking=True)
    return stream, expected(url, HELLO)


async def events(url: str) -> Any:
    asked = model(url).bind_tools([FUNCTION])
    stream = await ended(nbstream.from_stream(asked.astream_events(WEATHER)))
    return stream, expected(url, WEATHER)


async def events_of_a_chain(url: str) -> Any:
    chain = model(url) | StrOutputParser()
    stream = await ended(nbstream.from_stream(chain.astream_events(HELLO)))
    return stream, expected(url, HELLO)


async def responses(url: str) -> Any:
    asked = model(url, use_responses_api=True)
    stream = await ended(nbstream.from_stream(asked.astream(HELLO)))
    return stream, expected(url, HELLO, "openai")


async def texts_of_a_chain(url: str) -> Any:
    chain = model(url) | StrOutputParser()
    stream = await ended(nbstream.from_stream(chain.astream(HELLO), model="my/chain"))
    assert stream.text == expected(url, HELLO).text
    return stream, stream.message


if __name__ == "__main__":
    run(
        {
            "stream": blocking,
            "stream: tool": calls,
            "astream": astream,
            "astream: blocking the loop": blocking_the_loop,
            "astream_events: tool": events,
            "astream_events of a chain": events_of_a_chain,
            "astream: Responses": responses,
            "astream of a chain": texts_of_a_chain,
        },
        raw={"stream": "AIMessageChunk", "astream_events: tool": "AIMessageChunk"},
        without={"provider_metadata", "provider", "custom_address", "id"},
    )
