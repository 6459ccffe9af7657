"""The parts of Gemini's content as events.

Source: https://ai.google.dev/api/caching#Part. One handler a kind of part, in a
table. Refuses to know chunks, candidates and what stands around a content.

What a part carries beside its content (its thought signature above all) is kept
under ``provider_metadata["gemini"]``, for ``request`` to send back.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.errors import ProtocolError
from nbstream.protocols.gemini.growing import GrowingCall, GrowingText

if TYPE_CHECKING:
    from collections.abc import Callable

CODE_EXECUTION = "code_execution"

_URL_SAFE = str.maketrans("-_", "+/")


class PartWriter:
    """Takes wire parts in; leaves events in ``out``.

    Text of one kind stays one part until something else begins.
    """

    def __init__(self) -> None:
        self.out: list[ev.Event] = []
        self.unknown: list[Any] = []
        self.response_id = ""
        self.calls = 0
        self._next = 0
        self._open: GrowingText | None = None
        self._texts: list[GrowingText] = []
        self._call: GrowingCall | None = None
        self._code_id = ""
        self._called: set[str] = set()

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

    def texts(self) -> list[tuple[int, str]]:
        """The text parts' indices and texts so far."""
        return [(text.index, "".join(text.chunks)) for text in self._texts]

    def close(self, cited: set[int]) -> None:
        """End every part that is still open, and again the texts that were ``cited`` late."""
        self._end_call()
        for text in self._texts:
            if text.index in cited and text is not self._open:
                self.out.append(text.end())
        self._leave_text()

    # Text and thinking.

    def text(self, chunk: str) -> None:
        """More answer text, the most frequent thing of all."""
        text = self._open
        if text is None or text.thought:
            if not chunk:
                return
            text = self._begin_text(thought=False)
        self.out.append(text.grow(chunk))

    def _text(self, part: dict[str, Any], chunk: str) -> None:
        thought = bool(part.get("thought"))
        extras = {name: value for name, value in part.items() if name not in {"text", "thought"}}
        if not chunk and not extras:
            return
        text = self._open
        if text is None or text.thought is not thought:
            text = self._begin_text(thought=thought)
        start = text.length
        if chunk:
            self.out.append(text.grow(chunk))
        if extras:
            text.signed.append([start, text.length, extras])

    def _begin_text(self, *, thought: bool) -> GrowingText:
        text = GrowingText(self._index(), thought=thought)
        if not thought:
            self._texts.append(text)
        self._open = text
        self.out.append(text.begin())
        return text

    def _leave_text(self) -> None:
        text, self._open = self._open, None
        if text is not None:
            self.out.append(text.end())

    # Function calls: whole, or streamed piece by piece.

    def _function_call(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        call = self._call
        if call is None or value.get("name"):
            call = self._begin_call(value)
        call.extras |= _extras(part, "functionCall")
        if (args := value.get("args")) is not None:
            self.out += call.whole(_dumps(args))
        entries = value.get("partialArgs")
        for entry in entries if isinstance(entries, list) else ():
            self.out += call.value(entry)
        if not value.get("willContinue"):
            self._end_call()

    def _begin_call(self, value: dict[str, Any]) -> GrowingCall:
        self._end_call()
        index, name = self._index(), value.get("name")
        call_id = self._id(value, index)
        self._call = GrowingCall(index, call_id, name if isinstance(name, str) else "")
        self.calls += 1
        self.out.append(self._call.begin())
        return self._call

    def _end_call(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            self.out += call.end()

    # What Google executes itself. The parts go back as they came, whole.

    def _executable_code(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        args = {name: one for name, one in value.items() if name != "id"}
        self._code_id = self._builtin_call(part, value, CODE_EXECUTION, args)

    def _tool_call(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        self._builtin_call(part, value, _tool_name(value), value.get("args"))

    def _builtin_call(
        self, part: dict[str, Any], value: dict[str, Any], name: str, args: Any
    ) -> str:
        self._called.add(name)
        index = self._index()
        call_id = self._id(value, index)
        args_json = _dumps(args) if args else ""
        self.out.append(ev.BuiltinToolStart(index, call_id, name))
        if args_json:
            self.out.append(ev.BuiltinToolDelta(index, args_json))
        call = BuiltinToolCallPart(call_id, name, args_json, {"gemini": {"part": part}})
        self.out.append(ev.BuiltinToolEnd(index, call))
        return call_id

    def _code_result(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        failed = value.get("outcome") not in (None, 1, "OUTCOME_OK", "OUTCOME_UNSPECIFIED")
        self._builtin_result(part, value, CODE_EXECUTION, self._code_id, failed=failed)

    def told_late(self, name: str, args: dict[str, Any], result: Any) -> None:
        """A tool was used of which only the answer's end tells.

        Nothing, if it left parts: Gemini 3 calls its tools in the open when asked to.
        """
        if any(called.startswith(name) for called in self._called):
            return
        index = self._index()
        call_id = self._id({}, index)
        args_json = _dumps(args)
        self.out.append(ev.BuiltinToolStart(index, call_id, name))
        self.out.append(ev.BuiltinToolDelta(index, args_json))
        self.out.append(ev.BuiltinToolEnd(index, BuiltinToolCallPart(call_id, name, args_json)))
        part = BuiltinToolResultPart(call_id, name, result)
        self.out.append(ev.BuiltinToolResult(self._index(), part))

    def _tool_response(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        self._builtin_result(part, value, _tool_name(value), "", failed=False)

    def _builtin_result(
        self, part: dict[str, Any], value: dict[str, Any], name: str, of: str, *, failed: bool
    ) -> None:
        index = self._index()
        call_id = value.get("id") or of
        if not isinstance(call_id, str) or not call_id:
            call_id = self._id(value, index)
        result = BuiltinToolResultPart(call_id, name, value, failed, {"gemini": {"part": part}})
        self.out.append(ev.BuiltinToolResult(index, result))

    # Files.

    def _inline_data(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        text = value.get("data")
        try:
            padded = str(text or "").translate(_URL_SAFE) + "=="
            data = base64.b64decode(padded, validate=False)
        except (binascii.Error, ValueError):
            raise ProtocolError("The server sent a file whose bytes are no base64.") from None
        self._file(part, "inlineData", value, data=data)

    def _file_data(self, part: dict[str, Any], value: dict[str, Any]) -> None:
        url = value.get("fileUri")
        self._file(part, "fileData", value, url=url if isinstance(url, str) else "")

    def _file(
        self,
        part: dict[str, Any],
        kind: str,
        value: dict[str, Any],
        *,
        data: bytes | None = None,
        url: str | None = None,
    ) -> None:
        media_type, name = value.get("mimeType"), value.get("displayName")
        extras = _extras(part, kind)
        event = ev.FileEvent(
            self._index(),
            media_type if isinstance(media_type, str) else "application/octet-stream",
            data,
            url,
            name if isinstance(name, str) else None,
            provider_metadata={"gemini": extras} if extras else {},
        )
        self.out.append(event)

    def _index(self) -> int:
        """The next part's index. Whatever was open gives way to it."""
        self._leave_text()
        index = self._next
        self._next += 1
        return index

    def _id(self, value: dict[str, Any], index: int) -> str:
        """The call's id, or one that no other answer has: many models send none."""
        given = value.get("id")
        if isinstance(given, str) and given:
            return given
        return "_".join(filter(None, ("call", self.response_id, str(index))))


_HANDLERS: dict[str, Callable[[PartWriter, dict[str, Any], Any], None]] = {
    "text": PartWriter._text,
    "functionCall": PartWriter._function_call,
    "executableCode": PartWriter._executable_code,
    "codeExecutionResult": PartWriter._code_result,
    "toolCall": PartWriter._tool_call,
    "toolResponse": PartWriter._tool_response,
    "inlineData": PartWriter._inline_data,
    "fileData": PartWriter._file_data,
}
_TYPES: dict[str, type] = {kind: str if kind == "text" else dict for kind in _HANDLERS}


def _tool_name(value: dict[str, Any]) -> str:
    """``GOOGLE_SEARCH_WEB`` as ``google_search_web``."""
    name = value.get("toolType")
    return name.lower() if isinstance(name, str) else ""


def _extras(part: dict[str, Any], kind: str) -> dict[str, Any]:
    """What a part carries beside its content."""
    return {key: value for key, value in part.items() if key != kind}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
