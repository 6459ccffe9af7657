"""``OutputReport``: what a display tells of a typed answer that has ended, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.errors import OutputError
    from nbstream.streams.state import StreamState
    from nbstream.typed import Partial, Problem


@dataclass(frozen=True, slots=True)
class OutputReport:
    """The end of a typed answer.

    ``json`` is the answer's JSON as it was read, complete and valid; empty if it has none.
    ``corrected`` says that the model's text is not JSON in itself. ``notes`` tell what was
    corrected or left out, ``problems`` which values are wrong. ``failure`` says why the answer
    is not of the type; empty if it is, and if it was not awaited to its end.
    """

    json: str
    corrected: bool
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    failure: str = ""


def report_of(read: Partial[Any], failure: OutputError | None) -> OutputReport:
    """The report of an answer: its parser, and the error that its validation raised."""
    json, corrected = read.json_text()
    if failure is None:
        return OutputReport(json, corrected, read.repairs, read.problems)
    first = failure.text.split("\n", 1)[0].rstrip(":.")
    return OutputReport(json, corrected, read.repairs, failure.problems, first)


def output_schema(of: Any) -> Mapping[str, Any] | None:
    """The JSON schema of a type, without what providers require; None if it has none.

    A value that is not an object is under ``result`` of the object that ``schema_for`` makes;
    here the schema is the value's own.
    """
    from nbstream.typed import WRAPPER_KEY, output_type, schema_for  # slow to import

    try:
        schema = schema_for(of)
    except UsageError:
        return None
    if not output_type(of).wrapped:
        return schema
    inner = schema["properties"][WRAPPER_KEY]
    title = _element_name(inner) or schema["title"]
    return {"title": title, "x-wrapped": WRAPPER_KEY, **inner} | {
        name: schema[name] for name in ("$defs",) if name in schema
    }


def _element_name(schema: Mapping[str, Any]) -> str:
    """The name of the objects in a list, which says more than the list's; empty if they have none.

    The schema refers to a class by its name.
    """
    items = schema.get("items")
    return str(items.get("$ref", "")).rsplit("/", 1)[-1] if isinstance(items, dict) else ""


def schema_of(stream: StreamState[Any]) -> Mapping[str, Any] | None:
    """The JSON schema of the stream's output type; None if it has no type, or that no schema."""
    output = stream._run.output
    return None if output is None else output.schema


def end_of(stream: StreamState[Any], *, wait: bool = True) -> OutputReport | None:
    """The report of the stream's typed answer; None before its end, and without a type.

    It validates the answer, which may take a moment. With ``wait=False`` it is None until that
    was done.
    """
    output = stream._run.output
    if output is None:
        return None
    return output.report() if wait else output.known_report
