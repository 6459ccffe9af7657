"""What OpenAI's SDK does not tell of an answer's end, and thinking that comes as text.

The chunks are of a stand-in for the SDK's class, so that these need no library.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

import nbstream
from nbstream.errors import IncompleteResponseError


class ChatCompletionChunk(BaseModel):
    """A chunk."""

    model_config = ConfigDict(extra="allow")
    choices: list[Any]


ChatCompletionChunk.__module__ = "openai.types.chat"


class Response:
    """What says where the answer came from."""

    def __init__(self, url: str) -> None:
        self.url = url


class ChatCompletionStream:
    """The SDK's stream: it ends in the same way whether ``[DONE]`` came or the bytes stopped."""

    def __init__(self, pieces: Sequence[str], reason: str | None, url: str) -> None:
        self._pieces, self._reason = pieces, reason
        self.response = Response(url)

    def __iter__(self) -> Iterator[ChatCompletionChunk]:
        for piece in self._pieces:
            yield self._chunk({"content": piece}, None)
        if self._reason:
            yield self._chunk({}, self._reason)

    def _chunk(self, delta: dict[str, str], reason: str | None) -> Any:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        row = {"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}
        return ChatCompletionChunk.model_validate(row)


OWN, OTHER = "https://api.openai.com/v1/chat/completions", "http://127.0.0.1:8000/v1/chat"


@pytest.mark.parametrize("url", [OWN, OTHER])
def test_an_answer_that_was_cut_off_is_not_taken_for_whole(url: str) -> None:
    stream = nbstream.from_stream(ChatCompletionStream(["Rayleigh ", "scatt"], None, url))
    with pytest.raises(IncompleteResponseError):
        stream.get_final_text()
    assert stream.text == "Rayleigh scatt"
    whole = nbstream.from_stream(ChatCompletionStream(["Rayleigh ", "scattering."], "stop", url))
    assert whole.get_final_text() == "Rayleigh scattering."


def test_thinking_between_tags_is_thinking_as_in_nbstream_s_own_client() -> None:
    pieces = ["<thi", "nk>Hm, let me", " see.</think>", "Blue."]
    own = nbstream.from_stream(ChatCompletionStream(pieces, "stop", OTHER))
    assert own.get_final_text() == "Blue."
    assert own.thinking.strip() == "Hm, let me see."
    official = nbstream.from_stream(ChatCompletionStream(pieces, "stop", OWN))
    assert official.get_final_text() == "".join(pieces)
