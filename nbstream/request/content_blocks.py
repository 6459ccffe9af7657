"""Content blocks as Anthropic and OpenAI write them, read as parts of a message.

Sources: https://platform.claude.com/docs/en/api/messages/create, "content";
https://platform.openai.com/docs/api-reference/chat/create, "messages";
https://platform.openai.com/docs/api-reference/responses/create, "input".
A field that has no place in a part goes to the part's metadata for Anthropic
(``cache_control``, say), and so into a request to it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.parts import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.errors import UsageError
from nbstream.request.json_values import plain

if TYPE_CHECKING:
    from collections.abc import Callable

Block = Mapping[str, Any]

_PARTS = get_args(Part)
_BASE64 = "Write base64.b64encode(data).decode()."
_LONGEST = 60  # characters of a text that an error shows


class BlockError(UsageError):
    """A block cannot be read."""


def parts_of(content: Any, place: str) -> tuple[Part, ...]:
    """The parts of a content: a text, or a list of texts, blocks and parts.

    ``place`` is where it stands, as an error says it.

    Raises:
        UsageError: something in it cannot be read.
    """
    if content is None:  # OpenAI's, of a message that only calls tools
        return ()
    if isinstance(content, str):
        return (TextPart(content),)
    if not isinstance(content, (list, tuple)):
        raise UsageError(
            f"{place} is {shown(content)}, which is neither a text nor a list of blocks.",
            remedy='Write a text, or a list such as [{"type": "text", "text": "..."}].',
        )
    return tuple(_part(one, f"{place}[{at}]") for at, one in enumerate(content))


def tool_result(call_id: Any, content: Any, place: str, **more: Any) -> ToolResultPart:
    """The result of a call; a content of blocks becomes text and file parts."""
    if not isinstance(call_id, str):
        raise UsageError(
            f"{place} is a tool's result without the id of its call.",
            remedy='Give the id: "tool_call_id" as OpenAI has it, or "tool_use_id" as Anthropic.',
        )
    if isinstance(content, (list, tuple)):
        return ToolResultPart(call_id, list(parts_of(content, place)), **more)
    return ToolResultPart(call_id, "" if content is None else plain(content, place), **more)


def tool_call(call_id: Any, name: Any, args: Any, place: str, **more: Any) -> ToolCallPart:
    """A call of a tool; ``args`` is JSON text or values."""
    if not isinstance(call_id, str) or not isinstance(name, str):
        raise UsageError(
            f"{place} is a tool's call without an id and a name.",
            remedy="Give both, as the model's own call had them.",
        )
    text = args if isinstance(args, str) else json.dumps(plain({} if args is None else args, place))
    return ToolCallPart(call_id, name, text, **more)


def shown(value: Any) -> str:
    """A value as an error shows it: long texts are cut."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}...")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return f"an object of type {type(value).__name__}"


def _part(given: Any, place: str) -> Part:
    if isinstance(given, str):
        return TextPart(given)
    if isinstance(given, _PARTS):
        return given  # type: ignore[no-any-return]
    if not isinstance(given, Mapping):
        raise UsageError(
            f"{place} is {shown(given)}, which is not a block.",
            remedy='Write a text, {"type": "text", "text": "..."}, or a file_part(...).',
        )
    kind = given.get("type")
    read = _READ.get(kind) if isinstance(kind, str) else None
    if read is None and isinstance(kind, str):
        read = next((one for end, one in _ENDINGS.items() if kind.endswith(end)), None)
    if read is None:
        raise UsageError(
            f"{place} has no type that nbstream knows: {shown(given)}.",
            remedy=f"Known types: {', '.join(_READ)}.",
        )
    try:
        return read(given, place)
    except BlockError as error:
        raise UsageError(f"{place}: {error.text} {shown(given)}", remedy=error.remedy) from None


def _field(block: Block, name: str, kind: Any = str) -> Any:
    value = block.get(name)
    if isinstance(value, kind):
        return value
    word = "a text" if kind is str else "an object"
    raise BlockError(f'It needs {word} under "{name}":', remedy=f'Give "{name}".')


def _rest(block: Block, place: str, *known: str) -> dict[str, Any]:
    """Metadata of the fields that are not ``known``."""
    more = {
        name: plain(value, place)
        for name, value in block.items()
        if name not in known and value is not None
    }
    return {"anthropic": more} if more else {}


def _text(block: Block, place: str) -> Part:
    cited = block.get("citations") or ()
    rows = [one for one in cited if isinstance(one, Mapping)] if isinstance(cited, list) else []
    citations = tuple(_citation(plain(row, place)) for row in rows)
    known = ("type", "text", "citations", "annotations", "logprobs", "parsed_output")
    return TextPart(_field(block, "text"), citations, _rest(block, place, *known))


def _citation(row: dict[str, Any]) -> Citation:
    title = row.get("title") or row.get("document_title")
    return Citation(
        row.get("url"), title, row.get("cited_text"), provider_metadata={"anthropic": row}
    )


def _thinking(block: Block, place: str) -> Part:
    more = _rest(block, place, "type", "thinking", "signature")
    return ThinkingPart(_field(block, "thinking"), block.get("signature"), None, more)


def _redacted(block: Block, place: str) -> Part:
    return ThinkingPart("", None, _field(block, "data"), _rest(block, place, "type", "data"))


def _refusal(block: Block, _place: str) -> Part:
    return RefusalPart(_field(block, "refusal"))


def _tool_use(block: Block, place: str) -> Part:
    more = _rest(block, place, "type", "id", "name", "input")
    args = block.get("input")
    return tool_call(block.get("id"), block.get("name"), args, place, provider_metadata=more)


def _tool_result(block: Block, place: str) -> Part:
    more = _rest(block, place, "type", "tool_use_id", "content", "is_error")
    failed = block.get("is_error") is True
    content = block.get("content")
    result = block.get("tool_use_id"), content, f"{place}['content']"
    return tool_result(*result, is_error=failed, provider_metadata=more)


def _builtin_call(block: Block, place: str) -> Part:
    args = json.dumps(plain(block.get("input") or {}, place))
    more = _rest(block, place, "id", "name", "input")
    return BuiltinToolCallPart(_field(block, "id"), _field(block, "name"), args, more)


def _builtin_result(block: Block, place: str) -> Part:
    more = _rest(block, place, "tool_use_id", "content")
    name = str(block["type"]).removesuffix("_tool_result")
    content = plain(block.get("content"), place)
    return BuiltinToolResultPart(
        _field(block, "tool_use_id"), name, content, provider_metadata=more
    )


def _source(block: Block, place: str) -> Part:
    """Anthropic's image and document."""
    source = _field(block, "source", Mapping)
    title = block.get("title")
    known: tuple[str, ...] = ("type", "source", "title")
    match source.get("type"):
        case "base64":
            found = _of_bytes(_bytes(source.get("data")), source.get("media_type"), title)
        case "text":
            found = _of_bytes(_field(source, "data").encode(), "text/plain", title)
        case "url":
            found = _at(_field(source, "url"), _usual(block), title)
        case "file" | "content":
            found = FilePart(_usual(block), filename=title)
            known = ("type", "title")
        case _:
            raise BlockError(
                "Its source is none that nbstream knows:",
                remedy='Write "source": {"type": "base64", "media_type": "image/png", "data": ...}'
                ', or {"type": "url", "url": ...}.',
            )
    return _with(found, _rest(block, place, *known))


def _usual(block: Block) -> str:
    if block["type"] == "image":
        return "image/*"
    inner = block["source"].get("type") == "content"
    return "text/plain" if inner else "application/pdf"


def _image_url(block: Block, place: str) -> Part:
    """OpenAI's picture, in either of its formats; Mistral writes the bare address as well."""
    given = block.get("image_url")
    row = given if isinstance(given, Mapping) else {"url": given, **block}
    own = {name: row[name] for name in ("detail", "file_id") if row.get(name) is not None}
    keys = {"openai_chat": own, "openai_responses": own} if own else {}
    if row.get("url") is None and "file_id" in own:
        return FilePart("image/*", provider_metadata=keys)
    if not isinstance(row.get("url"), str):
        raise BlockError(
            "It has no address:",
            remedy='Write "image_url": {"url": "https://..." or "data:image/png;base64,..."}.',
        )
    del place
    return _with(_at(row["url"], "image/*", None), keys)


def _video_url(block: Block, _place: str) -> Part:
    given = block.get("video_url")
    url = given.get("url") if isinstance(given, Mapping) else given
    if not isinstance(url, str):
        raise BlockError("It has no address:", remedy='Write "video_url": {"url": ...}.')
    return _at(url, "video/mp4", None)


def _audio(block: Block, _place: str) -> Part:
    row = _field(block, "input_audio", Mapping)
    form = _field(row, "format")
    kind = f"audio/{'mpeg' if form == 'mp3' else form}"
    return _of_bytes(_bytes(row.get("data")), kind, None)


def _file(block: Block, _place: str) -> Part:
    """OpenAI's file: nested in Chat Completions, flat in Responses."""
    row = block["file"] if isinstance(block.get("file"), Mapping) else block
    name = row.get("filename")
    if isinstance(data := row.get("file_data"), str):
        if is_data_url(data) or data.startswith(("http://", "https://")):
            return _at(data, "application/pdf", name)
        return _of_bytes(_bytes(data), None, name)
    if isinstance(url := row.get("file_url"), str):
        return _at(url, "application/pdf", name)
    if isinstance(file_id := row.get("file_id"), str):
        own = {"file_id": file_id}
        keys = {"openai_chat": own, "openai_responses": own}
        return FilePart("application/pdf", filename=name, provider_metadata=keys)
    raise BlockError("It holds no file:", remedy='Give "file_data", "file_url" or "file_id".')


def _at(url: str, usual: str, name: Any) -> FilePart:
    """A file at an address; ``usual`` is its type where the address does not say it."""
    if is_data_url(url):
        try:
            kind, data = read_data_url(url)
        except ValueError:
            raise BlockError("Its data: address is not base64:", remedy=_BASE64) from None
        return _of_bytes(data, kind, name)
    if "://" not in url:
        raise BlockError(
            "Its address is not one:",
            remedy="Write https://... or data:...; of a file on the disk make a file_part(path).",
        )
    from nbstream.files import file_part  # slow to import, and few messages have files

    try:
        return file_part(url, None, name)
    except UsageError:  # nothing in the address says what it is
        return FilePart(usual, url=url, filename=name)


def _of_bytes(data: bytes, kind: Any, name: Any) -> FilePart:
    """A file; its bytes decide between pictures, else ``kind`` is taken at its word."""
    from nbstream.files import file_part  # as above

    if not data:
        raise BlockError("Its data is empty:", remedy=_BASE64)
    try:
        return file_part(data, kind or None, name)
    except UsageError:
        if not isinstance(kind, str) or not kind:
            raise BlockError(
                "Nothing in it says what it is:",
                remedy='Write its media type, as in "data:application/pdf;base64,...".',
            ) from None
        return FilePart(kind, data, filename=name)


def _with(part: FilePart, metadata: dict[str, Any]) -> FilePart:
    if not metadata:
        return part
    return FilePart(part.media_type, part.data, part.url, part.filename, metadata)


def _bytes(data: Any) -> bytes:
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    try:
        return base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BlockError("Its data is not base64:", remedy=_BASE64) from None


_READ: dict[str, Callable[[Block, str], Part]] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "image": _source,
    "document": _source,
    "image_url": _image_url,
    "input_image": _image_url,
    "input_audio": _audio,
    "video_url": _video_url,
    "file": _file,
    "input_file": _file,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "refusal": _refusal,
}
# Of tools that Anthropic runs itself, such as web_search_tool_result.
_ENDINGS: dict[str, Callable[[Block, str], Part]] = {
    "_tool_use": _builtin_call,
    "_tool_result": _builtin_result,
}
