"""The servers that a history is written for, each with the rules of its documents."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbstream.core.message import Message
from nbstream.protocols.anthropic import Anthropic
from nbstream.protocols.base import WireProtocol
from nbstream.protocols.gemini import Gemini
from nbstream.protocols.openai_chat import OpenAIChat, quirks
from nbstream.protocols.openai_responses import OpenAIResponses
from tests.history import anthropic_rules, gemini_rules, openai_chat_rules, openai_responses_rules


@dataclass(frozen=True)
class Server:
    """A protocol with a model, and what its documents forbid."""

    protocol: WireProtocol
    model: str
    rules: Callable[[dict[str, Any]], Iterator[str]]

    def body(self, history: Sequence[Message], **params: Any) -> dict[str, Any]:
        body: dict[str, Any] = self.protocol.request(self.model, history, params).body
        return body

    def faults(self, history: Sequence[Message], **params: Any) -> list[str]:
        body = self.body(history, **params)
        json.dumps(body, allow_nan=False)
        return list(self.rules(body))


def _mistral(body: dict[str, Any]) -> Iterator[str]:
    return openai_chat_rules.faults(body, roles="mistral")


def _mistral_elsewhere(body: dict[str, Any]) -> Iterator[str]:
    """Mistral's templates, on a server that has no mark for a last message of the model."""
    if body["messages"][-1]["role"] == "assistant":
        last = {**body["messages"][-1], "prefix": True}
        body = {**body, "messages": [*body["messages"][:-1], last]}
    return _mistral(body)


def _perplexity(body: dict[str, Any]) -> Iterator[str]:
    return openai_chat_rules.faults(body, roles="alternate")


SERVERS = {
    "anthropic": Server(Anthropic(), "claude-opus-4-6", anthropic_rules.faults),
    "openai-chat": Server(OpenAIChat(quirks.OPENAI), "gpt-5.2", openai_chat_rules.faults),
    "openai-responses": Server(OpenAIResponses(), "gpt-5.2", openai_responses_rules.faults),
    "gemini": Server(Gemini(), "gemini-3-pro-preview", gemini_rules.faults),
    "mistral": Server(OpenAIChat(quirks.MISTRAL), "mistral-large", _mistral),
    "openrouter": Server(OpenAIChat(quirks.OPENROUTER), "x/y", openai_chat_rules.faults),
    "perplexity": Server(OpenAIChat(quirks.PERPLEXITY), "sonar", _perplexity),
    "vllm-mistral": Server(OpenAIChat(quirks.OWN), "Mistral-7B", _mistral_elsewhere),
}
