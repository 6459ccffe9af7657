"""What the documents of Gemini's generateContent forbid in ``contents``."""

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_DATA = (
    *("text", "functionCall", "functionResponse", "inlineData", "fileData"),
    *("executableCode", "codeExecutionResult", "toolCall", "toolResponse"),
)


def faults(body: Row, *, signatures: bool = True) -> Iterator[str]:
    """Each rule that a request breaks. ``signatures``: the model is a Gemini 3.

    Sources: https://ai.google.dev/api/caching#Content and #Part (one kind of data a part);
    https://ai.google.dev/gemini-api/docs/function-calling;
    https://ai.google.dev/gemini-api/docs/thought-signatures ("the first functionCall part of
    each step must include its thoughtSignature"); and the API's error messages, as public
    reports quote them: gemini-cli#26956 and langchain#27799 (the order of turns).
    """
    rows: list[Row] = body["contents"]
    if not rows:
        yield "contents is not specified"
        return
    if rows[0]["role"] != "user":
        yield "the first content must be the user's"
    for at, row in enumerate(rows):
        if at and row["role"] == rows[at - 1]["role"]:
            yield f"{at}: roles must alternate"
        if not row["parts"]:
            yield f"{at}: parts must not be empty"
        for part in row["parts"]:
            yield from (f"{at}: {fault}" for fault in _part(part, row["role"]))
        calls = [part["functionCall"] for part in row["parts"] if "functionCall" in part]
        following = rows[at + 1]["parts"] if at + 1 < len(rows) else []
        results = [one["functionResponse"] for one in following if "functionResponse" in one]
        if row["role"] == "model":
            yield from (f"{at}: {fault}" for fault in _calls(calls, results))
            if calls and signatures:
                first = next(part for part in row["parts"] if "functionCall" in part)
                if not first.get("thoughtSignature"):
                    yield f"{at}: function call is missing a thought_signature"
        elif any("functionResponse" in part for part in row["parts"]) and not (
            at and any("functionCall" in part for part in rows[at - 1]["parts"])
        ):
            yield f"{at}: function response turn must come immediately after a function call turn"
    ids = [
        part["functionCall"]["id"]
        for row in rows
        for part in row["parts"]
        if part.get("functionCall", {}).get("id")
    ]
    if len(set(ids)) < len(ids):
        yield "ids of function calls must be unique"


def _part(part: Row, role: str) -> Iterator[str]:
    kinds = [name for name in _DATA if name in part]
    if len(kinds) != 1:
        yield f"a part must have one kind of data, not {kinds}"
    if part.get("text") == "" and not part.get("thoughtSignature"):
        yield "unable to submit a request with an empty text parameter"
    if "functionCall" in part and role != "model":
        yield "a function call of the user"
    if "functionResponse" in part and role != "user":
        yield "a function response of the model"
    for name in ("functionCall", "functionResponse"):
        if name not in part:
            continue
        row = part[name]
        if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}", row["name"]):
            yield f"{name}.name: {row['name']!r} does not match the pattern"
        if not isinstance(row["args" if name == "functionCall" else "response"], dict):
            yield f"{name}: must be an object"


def _calls(calls: list[Row], results: list[Row]) -> Iterator[str]:
    if len(calls) != len(results):
        yield "the number of function response parts must be equal to the function call parts"
    if sorted(call["name"] for call in calls) != sorted(one["name"] for one in results):
        yield "names of function calls and responses differ"
    if sorted(call.get("id", "") for call in calls) != sorted(one.get("id", "") for one in results):
        yield "ids of function calls and responses differ"
