"""Functions that read a response with nbstream, a vendor's SDK or PydanticAI, for `events.py`.

Each takes the packets of a response body and returns the text of the answer; the lower bound
returns none. The SDKs and PydanticAI are called as their users do, over a client without a
network. Of nbstream only the decoder and the log run, without an HTTP client and an event loop.
The benchmark compares the texts, so that no client is faster because it drops something.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx

Packets = list[bytes]
Client = Callable[[Packets], str]

HEADERS = {"content-type": "text/event-stream"}
PROMPT: list[Any] = [{"role": "user", "content": "hi"}]

LOWER_BOUND = "iter_lines + json.loads"
"""The name of the client that only reads the lines and parses their JSON."""


def lower_bound(packets: Packets) -> str:
    """Split the body into lines and decode the JSON, without making a text. A lower bound."""
    for line in httpx.Response(200, content=iter(packets)).iter_lines():
        if line.startswith("data: ") and line != "data: [DONE]":
            json.loads(line[6:])
    return ""


def nbstream(protocol: str) -> Client:
    """The decoder, log and transcript of nbstream, read by one reader."""
    from nbstream.core.events import TextDelta
    from nbstream.core.log import Log
    from nbstream.recorded_body import protocol_named

    def run(packets: Packets) -> str:
        log, decoder = Log(), protocol_named(protocol).decoder()
        reader, pieces = log.reader(), []
        for packet in packets:
            log.extend(decoder.feed(packet))
            pieces += [e.chunk for e in reader.take() if isinstance(e, TextDelta)]
        log.extend(decoder.close())
        pieces += [e.chunk for e in reader.take() if isinstance(e, TextDelta)]
        assert log.message().text == "".join(pieces)
        return "".join(pieces)

    return run


def _client(packets: Packets) -> Any:
    """An httpx client whose every response has ``packets`` as its body."""
    import httpx2

    def answer(_: Any) -> Any:
        return httpx2.Response(200, headers=HEADERS, stream=_Body(packets))

    class _Body(httpx2.SyncByteStream):
        def __init__(self, packets: Packets) -> None:
            self._packets = packets

        def __iter__(self) -> Iterator[bytes]:
            return iter(self._packets)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def anthropic_helper(packets: Packets) -> str:
    """The Anthropic SDK's `messages.stream`, which builds the message."""
    import anthropic

    client = anthropic.Anthropic(api_key="x", http_client=_client(packets))
    with client.messages.stream(model="m", max_tokens=1, messages=PROMPT) as stream:
        return "".join(event.text for event in stream if event.type == "text")


def anthropic_raw(packets: Packets) -> str:
    """The Anthropic SDK's `messages.create(stream=True)`, which only yields events."""
    import anthropic

    client = anthropic.Anthropic(api_key="x", http_client=_client(packets))
    events = client.messages.create(model="m", max_tokens=1, messages=PROMPT, stream=True)
    return "".join(e.delta.text for e in events if e.type == "content_block_delta")


def chat_helper(packets: Packets) -> str:
    """The OpenAI SDK's `chat.completions.stream`, which builds the completion."""
    import openai

    client = openai.OpenAI(api_key="x", http_client=_client(packets))
    with client.chat.completions.stream(model="m", messages=PROMPT) as stream:
        return "".join(event.delta for event in stream if event.type == "content.delta")


def chat_raw(packets: Packets) -> str:
    """The OpenAI SDK's `chat.completions.create(stream=True)`, which only yields chunks."""
    import openai

    client = openai.OpenAI(api_key="x", http_client=_client(packets))
    chunks = client.chat.completions.create(model="m", messages=PROMPT, stream=True)
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def responses_helper(packets: Packets) -> str:
    """The OpenAI SDK's `responses.stream`, which builds the response."""
    import openai

    client = openai.OpenAI(api_key="x", http_client=_client(packets))
    with client.responses.stream(model="m", input="hi") as stream:
        return "".join(e.delta for e in stream if e.type == "response.output_text.delta")


def responses_raw(packets: Packets) -> str:
    """The OpenAI SDK's `responses.create(stream=True)`, which only yields events."""
    import openai

    client = openai.OpenAI(api_key="x", http_client=_client(packets))
    events = client.responses.create(model="m", input="hi", stream=True)
    return "".join(e.delta for e in events if e.type == "response.output_text.delta")


def pydantic_ai(protocol: str) -> Client:
    """PydanticAI's direct streaming API, which calls the vendor's SDK."""
    import httpx2
    from pydantic_ai.direct import model_request_stream
    from pydantic_ai.messages import ModelRequest, PartDeltaEvent, PartStartEvent

    class Body(httpx2.AsyncByteStream):
        def __init__(self, packets: Packets) -> None:
            self._packets = packets

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for packet in self._packets:
                yield packet

    def model(packets: Packets) -> Any:
        def answer(_: Any) -> Any:
            return httpx2.Response(200, headers=HEADERS, stream=Body(packets))

        client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        if protocol == "anthropic":
            from anthropic import AsyncAnthropic
            from pydantic_ai.models.anthropic import AnthropicModel
            from pydantic_ai.providers.anthropic import AnthropicProvider

            sdk = AsyncAnthropic(api_key="x", http_client=client)
            return AnthropicModel("m", provider=AnthropicProvider(anthropic_client=sdk))
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
        from pydantic_ai.providers.openai import OpenAIProvider

        provider = OpenAIProvider(openai_client=AsyncOpenAI(api_key="x", http_client=client))
        chat = protocol == "openai_chat"
        return (OpenAIChatModel if chat else OpenAIResponsesModel)("m", provider=provider)

    async def read(packets: Packets) -> str:
        request = [ModelRequest.user_text_prompt("hi")]
        pieces = []
        async with model_request_stream(model(packets), request) as stream:
            async for event in stream:
                if isinstance(event, PartStartEvent):
                    pieces.append(getattr(event.part, "content", ""))
                elif isinstance(event, PartDeltaEvent):
                    pieces.append(getattr(event.delta, "content_delta", ""))
        return "".join(pieces)

    return lambda packets: asyncio.run(read(packets))


def clients(protocol: str) -> dict[str, Client]:
    """All clients that can read this protocol, the lower bound first."""
    helpers: dict[str, dict[str, Client]] = {
        "anthropic": {"SDK helper": anthropic_helper, "SDK raw": anthropic_raw},
        "openai_chat": {"SDK helper": chat_helper, "SDK raw": chat_raw},
        "openai_responses": {"SDK helper": responses_helper, "SDK raw": responses_raw},
    }
    return {
        LOWER_BOUND: lower_bound,
        "nbstream": nbstream(protocol),
        **helpers[protocol],
        "pydantic-ai": pydantic_ai(protocol),
    }
