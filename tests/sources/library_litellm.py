"""The cases of LiteLLM; see ``common``."""

import os
from dataclasses import replace
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # it would fetch a list from the internet

import litellm

import nbstream
from tests.sources.common import HELLO, KEY, THINK, TOOL, WEATHER, ended, own, run, weather

MODEL = "gpt-5.2"
FUNCTION = {
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": TOOL,
    "strict": True,
}


def asked(url: str, prompt: str) -> dict[str, Any]:
    return {
        "model": f"openai/{MODEL}",
        "api_base": f"{url}/v1",
        "api_key": KEY,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [{"role": "user", "content": prompt}],
        **({"tools": [{"type": "function", "function": FUNCTION}]} if prompt == WEATHER else {}),
    }


def expected(url: str, prompt: str) -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"openai-chat/{MODEL}", f"{url}/v1", prompt, **tools)


def blocking(prompt: str) -> Any:
    def case(url: str) -> Any:
        stream = nbstream.from_stream(litellm.completion(**asked(url, prompt)))
        return stream, expected(url, prompt)

    return case


def thinking(url: str) -> Any:
    stream = nbstream.from_stream(litellm.completion(**asked(url, THINK)))
    stream.until_done()
    # LiteLLM counts the tokens of thinking itself, if the provider does not.
    return stream, replace(expected(url, THINK), usage=stream.message.usage)


async def awaited(url: str) -> Any:
    response = await litellm.acompletion(**asked(url, HELLO))
    return await ended(nbstream.from_stream(response)), expected(url, HELLO)


async def not_awaited(url: str) -> Any:
    coroutine = litellm.acompletion(**asked(url, WEATHER))
    stream = await ended(nbstream.from_stream(coroutine), blocking=True)
    return stream, expected(url, WEATHER)


def anthropic(url: str) -> Any:
    asked_for = {**asked(url, THINK), "model": "anthropic/claude-sonnet-4-5", "api_base": url}
    stream = nbstream.from_stream(litellm.completion(**asked_for))
    stream.until_done()
    ours = own("anthropic/claude-sonnet-4-5", url, THINK)
    assert (stream.thinking, stream.text) == (ours.thinking, ours.text)
    assert stream.model == "anthropic/claude-sonnet-4-5"
    return stream, stream.message


if __name__ == "__main__":
    run(
        {
            "completion: text": blocking(HELLO),
            "completion: thinking": thinking,
            "completion: tool": blocking(WEATHER),
            "acompletion": awaited,
            "acompletion: not awaited": not_awaited,
            "completion: Claude": anthropic,
        },
        raw={"acompletion": "NoneType"},
        without={"provider_metadata"},
    )
