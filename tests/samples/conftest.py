"""The server of the samples' models."""

import pytest

from tests.harness.llm_server import LLMServer


@pytest.fixture(autouse=True)
def _provider(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)
