"""The parts of Gemini's content as events.

Source: https://ai.google.dev/api/caching#Part. One handler a kind of part, in a
table. Refuses to know chunks, candidates and what stands around a content.

What a part carries beside its content (its thought signature above all) is kept
under ``provider_metadata["gemini"]``, for ``request`` to send back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.protocols.gemini import builtin, files
from nbstream.protocols.gemini.open_parts import GrowingCall
from nbstream.protocols.gemini.writer import Writer
from nbstream.protocols.json_fields import Json, list_of, text_of, without

if TYPE_CHECKING:
    from collections.abc import Callable


class PartWriter(Writer):
    """Takes wire parts in. ``calls`` counts those of the caller's functions."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown: list[Any] = []
        self.calls = 0
        self._call: GrowingCall | None = None

    def write(self, part: Any) -> None:
        """Take one part in.

        Raises:
            ProtocolError: a file's bytes are no base64.
        """
        if not isinstance(part, dict):
            self.unknown.append(part)
            return
        for kind, value in part.items():
            handler = _HANDLERS.get(kind)
            if handler is not None and isinstance(value, _TYPES[kind]):
                handler(self, part, value)
                return
        if part.keys() <= {"thought", "thoughtSignature"}:
            self._text(part, "")  # a signature may come on a part of its own
        else:
            self.unknown.append(part)

    def close(self, cited: set[int]) -> None:
        """End every part that is still open, and again the texts that were ``cited`` late."""
        self._end_call()
        super().close(cited)

    def _text(self, part: Json, chunk: str) -> None:
        extras = without(part, "text", "thought")
        self.signed(chunk, extras, thought=bool(part.get("thought")))

    # Function calls: whole, or streamed piece by piece.

    def _function_call(self, part: Json, value: Json) -> None:
        call = self._call
        if call is None or value.get("name"):
            call = self._begin_call(value)
        call.extras |= without(part, "functionCall")
        if (args := value.get("args")) is not None:
            # Some gateways hand on the text that other formats have here.
            text = args if isinstance(args, str) else json.dumps(args, ensure_ascii=False)
            self.out += call.whole(text)
        for entry in list_of(value.get("partialArgs")):
            self.out += call.value(entry)
        if not value.get("willContinue"):
            self._end_call()

    def _begin_call(self, value: Json) -> GrowingCall:
        self._end_call()
        index = self.index()
        call_id = self.call_id(text_of(value.get("id")), index)
        self._call = GrowingCall(index, call_id, text_of(value.get("name")))
        self.calls += 1
        self.out.append(self._call.begin())
        return self._call

    def _end_call(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            self.out += call.end()


_HANDLERS: dict[str, Callable[[PartWriter, Json, Any], None]] = {
    "text": PartWriter._text,
    "functionCall": PartWriter._function_call,
    "executableCode": builtin.executable_code,
    "codeExecutionResult": builtin.code_result,
    "toolCall": builtin.tool_call,
    "toolResponse": builtin.tool_response,
    "inlineData": files.inline_data,
    "fileData": files.file_data,
}
_TYPES: dict[str, type] = {kind: str if kind == "text" else dict for kind in _HANDLERS}
