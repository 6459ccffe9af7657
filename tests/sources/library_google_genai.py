"""The cases of google-genai; see ``common``."""

from typing import Any

from google import genai
from google.genai import types

import nbstream
from tests.sources.common import HELLO, KEY, THINK, WEATHER, ended, own, run, weather

MODEL = "gemini-2.5-flash"
CLIENTS: list[genai.Client] = []
TOOL = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="get_weather",
            description="The weather in a city.",
            parameters_json_schema=weather().parameters,
        )
    ]
)


def client(url: str) -> genai.Client:
    options = types.HttpOptions(base_url=url, api_version="v1beta")
    CLIENTS.append(genai.Client(api_key=KEY, http_options=options))  # one that is freed is closed
    return CLIENTS[-1]


def from_stream(pieces: Any) -> nbstream.Stream[Any]:
    return nbstream.from_stream(pieces, model=f"google/{MODEL}")  # aimock does not name it


def asked(prompt: str) -> dict[str, Any]:
    tools = {"config": types.GenerateContentConfig(tools=[TOOL])} if prompt == WEATHER else {}
    return {"model": MODEL, "contents": prompt, **tools}


def expected(url: str, prompt: str) -> nbstream.Message:
    tools = {"tools": [weather()]} if prompt == WEATHER else {}
    return own(f"google/{MODEL}", f"{url}/v1beta", prompt, **tools)


def blocking(prompt: str) -> Any:
    def case(url: str) -> Any:
        stream = client(url).models.generate_content_stream(**asked(prompt))
        return from_stream(stream), expected(url, prompt)

    return case


async def awaited(url: str) -> Any:
    pieces = await client(url).aio.models.generate_content_stream(**asked(HELLO))
    return await ended(from_stream(pieces)), expected(url, HELLO)


async def not_awaited(url: str) -> Any:
    coroutine = client(url).aio.models.generate_content_stream(**asked(THINK))
    return await ended(from_stream(coroutine)), expected(url, THINK)


async def blocking_the_loop(url: str) -> Any:
    coroutine = client(url).aio.models.generate_content_stream(**asked(WEATHER))
    stream = await ended(from_stream(coroutine), blocking=True)
    return stream, expected(url, WEATHER)


if __name__ == "__main__":
    run(
        {
            "text": blocking(HELLO),
            "thinking": blocking(THINK),
            "tool": blocking(WEATHER),
            "async": awaited,
            "async: not awaited": not_awaited,
            "async: blocking the loop": blocking_the_loop,
        },
        raw={"text": "NoneType"},
        without={"custom_address"},
    )
