"""Serves a recorded answer to a sample."""

from typing import Any

import httpx
import pytest

import nbstream
from tests.recordings import MISSING, recordings


class Served:
    """A server that gives one recorded answer; ``requests`` are the requests it got."""

    def __init__(self, protocol: str, name: str) -> None:
        found = next((one for one in recordings(protocol) if one.name == name), None)
        if found is None:
            pytest.skip(MISSING)
        self.body = found.body
        self.requests: list[httpx.Request] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, content=self.body)

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Send every ``nbstream.stream`` to this server, with a dummy key."""
        real = nbstream.stream

        def stream(*args: Any, **settings: Any) -> nbstream.Stream:
            client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
            return real(*args, client=client, **settings)

        monkeypatch.setattr(nbstream, "stream", stream)
        for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "AI_GATEWAY_API_KEY"):
            monkeypatch.setenv(name, "no-real-key")
        for name in ("ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
            monkeypatch.delenv(name, raising=False)
