"""A server that answers Anthropic's Messages API with citations, and passes on what asks for none.

aimock has no citations. The answer is in `tests/aimock/claims.json`: pieces of text, each with the
passage of the document that it cites.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx

from tests.harness import llm_messages
from tests.harness.aimock import HOME
from tests.harness.llm_scripts import Script
from tests.harness.patience import HANG
from tests.harness.raw_server import RawServer, head

USAGE = {"input_tokens": 512, "output_tokens": 187}


class CitingServer(RawServer):
    """The server. ``aimock`` is the address for other requests; ``pause`` is before each event."""

    def __init__(self, aimock: str, pause: float) -> None:
        super().__init__(self._steps)
        self._aimock, self._pause = aimock, pause

    def _steps(self, number: int) -> Iterator[bytes | float]:
        above, _, body = self.requests[number].partition(b"\r\n\r\n")
        request = json.loads(body)
        if documents := cited_documents(request):
            yield head()
            for row in llm_messages.events(request["model"], Script(blocks=blocks(documents[0]))):
                yield self._pause
                yield llm_messages.sse(with_usage(row))
            return
        path = above.split(b" ", 2)[1].decode()
        headers = {"content-type": "application/json", "x-api-key": "any"}
        with httpx.stream(
            "POST", self._aimock + path, content=body, headers=headers, timeout=HANG
        ) as response:
            yield head(response.headers["content-type"], response.status_code)
            yield from response.iter_bytes()


def cited_documents(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The documents in a request that may be cited."""
    found = [one for message in request["messages"] for one in message["content"]]
    return [one for one in found if isinstance(one, dict) and one.get("citations")]


def blocks(document: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The answer's blocks; each citation has its place in the document."""
    text = document["source"]["data"]
    made = []
    for piece, passage in json.loads((HOME / "claims.json").read_text(encoding="utf-8")):
        block = {"type": "text", "text": piece}
        if passage:
            pattern = r"\s+".join(map(re.escape, passage.split()))
            place = re.search(pattern, text)
            assert place is not None, f"not in the document: {passage}"
            cited = {"type": "char_location", "cited_text": place[0], "document_index": 0}
            cited |= {"document_title": document["title"]}
            cited |= {"start_char_index": place.start(), "end_char_index": place.end()}
            block["citations"] = [cited]
        made.append(block)
    return tuple(made)


def with_usage(row: dict[str, Any]) -> dict[str, Any]:
    """The event with this answer's tokens."""
    if row["type"] == "message_start":
        return {**row, "message": {**row["message"], "usage": {**USAGE, "output_tokens": 1}}}
    return {**row, "usage": USAGE} if "usage" in row else row
