"""Finds what is worth showing in the calls and results of tools that a provider runs.

That is queries, addresses, code and other arguments of a call; sources, output and files of
a result. It goes by the names of fields in the provider's JSON, not by the name of the tool,
so it also reads unknown tools. Encrypted fields are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.surrogates import pair_escapes

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH = 12
"""Levels of nesting that are searched. Real results have two or three."""

_QUERIES = ("queries", "query", "pattern", "objective")
_CODE = ("code", "commands", "command", "script")
_CODE_FIELDS = (
    *_CODE,
    "diff",
    "path",
    "file_text",
    "old_str",
    "new_str",
    "insert_text",
    "language",
    "env",
)
_TITLES = ("title", "filename", "name", "document_title")
_SNIPPETS = ("snippet", "text", "excerpt", "cited_text")
_PRINTED = (
    *("stdout", "logs", "output", "stderr", "text", "content"),
    *("error_message", "message", "error_code"),
)
_SERVERS = ("server_label", "server_name", "mcp_server_name")
_FILES = {"filename", "file_id"}
_URLS = ("url", "uri", "retrievedUrl", "retrieved_url", "sourceUri")


@dataclass(frozen=True, slots=True)
class Source:
    """A page or a file that was found."""

    url: str | None
    title: str | None = None
    text: str | None = None


def queries(args_json: str) -> list[str]:
    """The queries of a search, as far as its arguments have arrived."""
    args = _arguments(args_json)
    found = (text for field in _QUERIES for text in _texts(args.get(field)))
    return list(dict.fromkeys(text for text in found if text.strip()))


def urls(args_json: str) -> list[str]:
    """The addresses that a fetch reads."""
    args = _arguments(args_json)
    found = (text for field in ("urls", "url") for text in _texts(args.get(field)))
    return list(dict.fromkeys(found))


def code(args_json: str) -> str | None:
    """The program or the commands, one per line.

    For a file that is changed, its new text or the diff.
    """
    args = _arguments(args_json)
    if isinstance(path := args.get("path"), str) and isinstance(args.get("command"), str):
        head = f"# {args['command']} {path}"
        if isinstance(old := args.get("old_str"), str):
            return "\n".join((head, *_marked("-", old), *_marked("+", args.get("new_str"))))
        written = args.get("file_text") or args.get("new_str") or args.get("insert_text")
        if not written and args["command"] in ("create", "insert", "str_replace"):
            return None  # its arguments still arrive
        return f"{head}\n{written}" if isinstance(written, str) else head
    if isinstance(args.get("path"), str) and isinstance(args.get("diff"), str):
        return f"# {args.get('type') or 'patch'} {args['path']}\n{args['diff']}"
    if isinstance(args.get("command"), list):  # one command, as a list of its words
        return " ".join(_texts(args["command"]))
    for field in _CODE:
        if lines := _texts(args.get(field)):
            return "\n".join(lines)
    return None


def _marked(mark: str, text: Any) -> list[str]:
    """The lines of a text as lines of a diff."""
    return [mark + line for line in text.splitlines()] if isinstance(text, str) else []


def language(args_json: str) -> str | None:
    """The language of the code as a fence's word, such as ``python`` or a file's ``py``.

    None if the arguments do not tell.
    """
    args = _arguments(args_json)
    if isinstance(args.get("diff"), str) or args.get("command") == "str_replace":
        return "diff"
    if isinstance(path := args.get("path"), str):
        return path.rpartition("/")[2].rpartition(".")[2].lower() or None
    named = args.get("language")
    return named.lower() if isinstance(named, str) else None


def path(args_json: str) -> str | None:
    """The file that a call reads or changes."""
    found = _arguments(args_json).get("path")
    return found if isinstance(found, str) and code(args_json) else None


def details(args_json: str) -> list[str]:
    """The other arguments, ``name: value`` each; empty ones are left out."""
    args = _arguments(args_json)
    known = {*_QUERIES, "urls", "url", *(_CODE_FIELDS if code(args_json) else ())}
    if queries(args_json) or urls(args_json) or code(args_json):
        known.add("type")  # the type of the search or of the command, which is shown already
    return [
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in args.items()
        if name not in known and value not in (None, "", [], {})
    ]


def sources(result: Any) -> list[Source]:
    """What was found: every object with an address or a file name, each once, in order."""
    found: dict[str, Source] = {}
    for row in _objects(_unwrapped(result)):
        url, title = _text(row, _URLS), _text(row, _TITLES)
        if is_data_url(url):
            continue
        # OpenAI's search also has sources without an address: {"type": "api", "name": ...}.
        if url or (title and (_FILES & row.keys() or row.get("type") == "api")):
            source = Source(url, title or _inner_title(row), _text(row, _SNIPPETS))
            found.setdefault(url or str(title), source)
    return list(found.values())


def output(result: Any) -> str:
    """What the tool printed or reported, one piece per line."""
    opened = _unwrapped(result)
    if isinstance(opened, str):
        return opened
    pieces = (piece.rstrip("\n") for row in _objects(opened) for piece in _printed(row))
    said = "\n".join(dict.fromkeys(piece for piece in pieces if piece.strip()))
    if not said and isinstance(result, str) and not sources(result):
        return result  # the program printed JSON
    return said


def _printed(row: dict[str, Any]) -> Iterator[str]:
    """The lines of output and the error messages in one object of a result."""
    if row.keys() & {*_URLS, *_FILES}:
        return  # the text of a source
    for field in _PRINTED:
        yield from _texts(row.get(field))
    for name, described in _listed_tool(row):
        yield f"{name}: {described}" if described else name
    status = row.get("return_code", row.get("exit_code"))
    if type(status) is int and status:
        yield f"exit code {status}"


def tools(result: Any) -> list[tuple[str, str]]:
    """The tools that a list of tools names, each with its description, which may be empty."""
    found = dict[str, str]()
    for row in _objects(_unwrapped(result)):
        for name, described in _listed_tool(row):
            found.setdefault(name, described)
    return list(found.items())


def server(provider_metadata: dict[str, Any]) -> str | None:
    """The name of the MCP server that runs a call."""
    for own in provider_metadata.values():
        for row in (own, own.get("item"), own.get("block")) if isinstance(own, dict) else ():
            if isinstance(row, dict) and (name := _text(row, _SERVERS)):
                return name
    return None


def revised_prompt(provider_metadata: dict[str, Any]) -> str | None:
    """The prompt of a generated picture, as the model has rewritten it."""
    for own in provider_metadata.values():
        item = own.get("item") if isinstance(own, dict) else None
        if isinstance(item, dict) and (text := _text(item, ("revised_prompt",))):
            return text
    return None


def _listed_tool(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The tool in a list of tools, as MCP servers and searches for tools give it."""
    if name := _text(row, ("tool_name", "name")):
        described = _text(row, ("description",))
        if described or "tool_name" in row:
            yield name, described or ""


def files(result: Any) -> Iterator[tuple[str, bytes]]:
    """The files whose bytes are in a result, each with its media type."""
    for row in _objects(_unwrapped(result)):
        for field in ("url", "image_url"):
            try:
                yield read_data_url(str(row.get(field)))
            except ValueError:
                continue


@lru_cache(maxsize=2)  # what is shown of a call needs them several times
def _arguments(args_json: str) -> dict[str, Any]:
    """The arguments so far as a dict; empty if they are no JSON object."""
    from pydantic_core import from_json  # slow to import, and rarely needed

    try:
        text = pair_escapes(args_json).strip() or "{}"
        args = from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return {}
    return args if isinstance(args, dict) else {}


def _unwrapped(result: Any) -> Any:
    """``result``, parsed if it is JSON in a string."""
    if isinstance(result, str) and result.lstrip()[:1] in {"{", "["}:
        from pydantic_core import from_json

        try:
            return from_json(pair_escapes(result))
        except ValueError:
            return result
    return result


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """All objects in a value, outer ones first."""
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            if isinstance(one, (dict, list)):
                yield from _objects(one, depth + 1)


def _inner_title(row: dict[str, Any]) -> str | None:
    """The title of a fetched page: it is in the document, not beside the address."""
    content = row.get("content")
    return _text(content, _TITLES) if isinstance(content, dict) else None


def _text(row: dict[str, Any], fields: tuple[str, ...]) -> str | None:
    found = (row.get(field) for field in fields)
    return next((value for value in found if isinstance(value, str) and value), None)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
