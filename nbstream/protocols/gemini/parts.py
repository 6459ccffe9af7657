"""Converts the parts of a Gemini response to events, by the kind of part.

A part's other fields (its thought signature, for example) are kept in
``provider_metadata["gemini"]`` and sent back.

Source: https://ai.google.dev/api/caching#Part
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.arguments import is_empty, without_repeats
from nbstream.protocols.base import keep_unknown
from nbstream.protocols.gemini import builtin, files
from nbstream.protocols.gemini.event_writer import EventWriter
from nbstream.protocols.gemini.open_parts import OpenCall
from nbstream.protocols.json_fields import Json, dict_of, json_text, list_of, text_of, without

if TYPE_CHECKING:
    from collections.abc import Callable


class PartReader(EventWriter):
    """Reads Gemini's parts and writes events. ``calls`` counts calls of the user's functions."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown: list[Any] = []
        self.calls = 0
        self._call: OpenCall | None = None
        self._ended: dict[str, str] = {}  # the arguments of the calls that have ended, by id

    def read(self, part: Any) -> None:
        """Read one part.

        Raises:
            ProtocolError: a file is not valid base64.
        """
        if not isinstance(part, dict):
            keep_unknown(self.unknown, part)
            return
        for kind, value in part.items():
            handler = _HANDLERS.get(kind)
            if handler is not None and isinstance(value, _TYPES[kind]):
                handler(self, part, value)
                return
        if part.keys() <= {"thought", "thoughtSignature"}:
            self._text(part, "")  # a signature may arrive as a part of its own
        elif said := text_of(dict_of(part.get("audioTranscription")).get("text")):
            self.text_with_fields(said, {}, thought=False)  # beside audio it stays with the file
        else:
            keep_unknown(self.unknown, part)

    def close(self, cited: set[int]) -> None:
        """End all open parts; repeat the end of the ``cited`` texts, with their citations."""
        self._end_call()
        super().close(cited)

    def _text(self, part: Json, chunk: str) -> None:
        extras = without(part, "text", "thought")
        self.text_with_fields(chunk, extras, thought=bool(part.get("thought")))

    # Function calls: complete, or in pieces.

    def _function_call(self, part: Json, value: Json) -> None:
        call, args = self._call, value.get("args")
        # Some gateways send JSON text, as in other formats.
        text = "" if args is None else args if isinstance(args, str) else json_text(args)
        if call is None or not call.continues(value):
            if self._is_repeated(value, text):
                return
            call = self._begin_call(value)
        call.extras |= without(part, "functionCall")
        if text:
            self.out += call.add_arguments(text)
        for entry in list_of(value.get("partialArgs")):
            self.out += call.add_value(entry)
        call.will_continue = bool(value.get("willContinue"))
        if not call.will_continue and not call.is_empty:
            self._end_call()

    def _is_repeated(self, value: Json, text: str) -> bool:
        """Whether a call that has ended comes again, with the same id."""
        ended = self._ended.get(text_of(value.get("id")))
        if ended is None or value.get("partialArgs"):
            return False
        return is_empty(text) or without_repeats(ended + text) == ended

    def index(self) -> int:
        """The index of a new part. Ends a call whose arguments may have been empty so far."""
        if self._call is not None and not self._call.will_continue:
            self._end_call()
        return super().index()

    def _begin_call(self, value: Json) -> OpenCall:
        self._end_call()
        index = self.index()
        call_id = self.call_id(text_of(value.get("id")), index)
        self._call = OpenCall(index, call_id, text_of(value.get("name")))
        self._call.given_id = text_of(value.get("id"))
        self.calls += 1
        self.out.append(self._call.begin())
        return self._call

    def _end_call(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            self.out += call.end()
            if call.given_id:
                self._ended[call.given_id] = call.args_json


_HANDLERS: dict[str, Callable[[PartReader, Json, Any], None]] = {
    "text": PartReader._text,
    "functionCall": PartReader._function_call,
    "executableCode": builtin.executable_code,
    "codeExecutionResult": builtin.code_result,
    "toolCall": builtin.tool_call,
    "toolResponse": builtin.tool_response,
    "inlineData": files.inline_data,
    "fileData": files.file_data,
}
_TYPES: dict[str, type] = {kind: str if kind == "text" else dict for kind in _HANDLERS}
