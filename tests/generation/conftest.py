"""A server of image and video models for these tests."""

from collections.abc import Iterator

import pytest

from tests.harness.media_endpoints import KEY
from tests.harness.media_server import MediaServer


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> Iterator[MediaServer]:
    """A server of the providers' endpoints; the environment has its address."""
    with MediaServer() as server:
        for name in ("OPENAI_API_KEY", "GEMINI_API_KEY", "AI_GATEWAY_API_KEY"):
            monkeypatch.setenv(name, KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        yield server
