"""The cases of OpenAI's SDK, both of its APIs; see ``common``."""

from typing import Any

import openai

import nbstream
from tests.sources.common import HELLO, KEY, THINK, TOOL, WEATHER, ended, own, run, weather

MODEL = "gpt-5.2"
FUNCTION = {
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": TOOL,
    "strict": True,
}


def chat(prompt: str) -> dict[str, Any]:
    tools = {"tools": [{"type": "function", "function": FUNCTION}]} if prompt == WEATHER else {}
    return {"model": MODEL, "messages": [{"role": "user", "content": prompt}], **tools}


def responses(prompt: str) -> dict[str, Any]:
    tools = {"tools": [{"type": "function", **FUNCTION}]} if prompt == WEATHER else {}
    return {"model": MODEL, "input": [{"role": "user", "content": prompt}], **tools}


def expected(provider: str, url: str, prompt: str) -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"{provider}/{MODEL}", f"{url}/v1", prompt, **tools)


def client(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key=KEY)


def aclient(url: str) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY)


def chat_create(prompt: str) -> Any:
    def case(url: str) -> Any:
        usage: Any = {"stream_options": {"include_usage": True}}
        stream = client(url).chat.completions.create(stream=True, **usage, **chat(prompt))
        return nbstream.from_stream(stream), expected("openai-chat", url, prompt)

    return case


def chat_helper(prompt: str) -> Any:
    def case(url: str) -> Any:
        usage: Any = {"stream_options": {"include_usage": True}}
        manager = client(url).chat.completions.stream(**usage, **chat(prompt))
        return nbstream.from_stream(manager), expected("openai-chat", url, prompt)

    return case


def responses_create(prompt: str) -> Any:
    def case(url: str) -> Any:
        stream = client(url).responses.create(stream=True, **responses(prompt))
        return nbstream.from_stream(stream), expected("openai", url, prompt)

    return case


def responses_helper(prompt: str) -> Any:
    def case(url: str) -> Any:
        manager = client(url).responses.stream(**responses(prompt))
        return nbstream.from_stream(manager), expected("openai", url, prompt)

    return case


async def async_chat(url: str) -> Any:
    async with aclient(url) as one:
        coroutine = one.chat.completions.create(stream=True, **chat(HELLO))
        return await ended(nbstream.from_stream(coroutine)), expected("openai-chat", url, HELLO)


async def async_chat_helper(url: str) -> Any:
    async with aclient(url) as one:
        manager = one.chat.completions.stream(**chat(WEATHER))
        stream = await ended(nbstream.from_stream(manager), blocking=True)
        return stream, expected("openai-chat", url, WEATHER)


async def async_responses(url: str) -> Any:
    async with aclient(url) as one:
        stream = await one.responses.create(stream=True, **responses(THINK))
        return await ended(nbstream.from_stream(stream)), expected("openai", url, THINK)


async def async_responses_helper(url: str) -> Any:
    async with aclient(url) as one:
        await one.responses.create(**responses(HELLO))  # the connection is of this loop now
        manager = one.responses.stream(**responses(HELLO))
        stream = await ended(nbstream.from_stream(manager), blocking=True)
        return stream, expected("openai", url, HELLO)


if __name__ == "__main__":
    run(
        {
            "chat create: text": chat_create(HELLO),
            "chat create: thinking": chat_create(THINK),
            "chat create: tool": chat_create(WEATHER),
            "chat stream: text": chat_helper(HELLO),
            "chat stream: tool": chat_helper(WEATHER),
            "responses create: text": responses_create(HELLO),
            "responses create: thinking": responses_create(THINK),
            "responses create: tool": responses_create(WEATHER),
            "responses stream: text": responses_helper(HELLO),
            "responses stream: thinking": responses_helper(THINK),
            "responses stream: tool": responses_helper(WEATHER),
            "async chat create": async_chat,
            "async chat stream: blocking the loop": async_chat_helper,
            "async responses create": async_responses,
            "async responses stream: blocking the loop": async_responses_helper,
        },
        raw={
            "chat create: text": "NoneType",
            "chat stream: text": "ParsedChatCompletion",
            "responses stream: text": "ParsedResponse",
            "async responses stream: blocking the loop": "ParsedResponse",
        },
    )
