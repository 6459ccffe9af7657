"""Asks a person with ``input()``: for an approval, or for a value, field by field."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from nbstream.agent.legible import call_text, legible
from nbstream.core.events.requests import Answer, Approval
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.agent.answer_type import AnswerType
    from nbstream.core.parts import ToolCallPart

_MOST_STEPS = 20
_YES, _NO = ("y", "yes", "true", "1"), ("n", "no", "false", "0")


def ask_for_approval(call: ToolCallPart) -> Approval:
    """Ask whether a call may be executed."""
    _print(f"\nThe model wants to call {call_text(call)}")
    said = input("Allow it? [y]es, [a]lways, or a reason against: ").strip()
    if said.lower() in ("y", "yes", "a", "always"):
        return Approval(granted=True, always=said.lower().startswith("a"))
    return Approval(granted=False, reason="" if said.lower() in ("", "n", "no") else said)


def ask_for_value(question: str, wanted: AnswerType) -> Answer:
    """Ask for a value of a type; what is not valid is asked again, with the validator's words."""
    about = str(wanted.schema.get("description", "")).strip().split("\n\n")[0]
    _print("\n" + (question or about or f"Your answer: {wanted.schema.get('title', 'a value')}"))
    _print("(! declines, ! and a reason says why)")
    form = _Form(wanted.schema)
    try:
        value = form.value(wanted.schema, ())
        while True:
            try:
                wanted.validate(value)
            except (ValueError, TypeError, AssertionError) as error:
                wrong = problems_of(error)
                for problem in wrong:
                    _print(f"  {problem}")
                value = form.again(wanted.schema, value, {problem.path[:1] for problem in wrong})
            else:
                return Answer(given=True, value=value)
    except _Declined as declined:
        return Answer(given=False, reason=declined.reason)


class _Declined(Exception):  # noqa: N818 - no error: an answer
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_MISSING = object()


class _Form:
    """Asks for the values of a schema."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._definitions = root.get("$defs", {})

    def value(self, given: dict[str, Any], path: tuple[str, ...]) -> Any:
        """Ask for a value; for an object, for each of its fields."""
        schema = self._resolved(given)
        if not schema.get("properties"):
            return _asked(schema, ".".join(path) or str(schema.get("title") or "value"))
        found = {name: self._field(schema, name, path) for name in schema["properties"]}
        return {name: value for name, value in found.items() if value is not _MISSING}

    def again(self, given: dict[str, Any], value: Any, wrong: set[tuple[Any, ...]]) -> Any:
        """Ask again for the fields that are wrong; for all of it if none is named."""
        schema = self._resolved(given)
        names = [name for name in schema.get("properties", {}) if (name,) in wrong]
        if not names or not isinstance(value, dict):
            return self.value(given, ())
        found = value | {name: self._field(schema, name, ()) for name in names}
        return {name: one for name, one in found.items() if one is not _MISSING}

    def _field(self, schema: dict[str, Any], name: str, path: tuple[str, ...]) -> Any:
        row = self._resolved(schema["properties"][name])
        required = name in schema.get("required", ())
        if row.get("properties") and required:
            return self.value(row, (*path, name))
        label = schema["properties"][name].get("title") or name
        return _asked(row, ".".join((*path, label)), in_object=True, required=required)

    def _resolved(self, given: dict[str, Any]) -> dict[str, Any]:
        """The schema without references, and without ``null`` where there is a choice."""
        schema = given
        for _ in range(_MOST_STEPS):
            some = schema.get("anyOf") or schema.get("allOf") or ()
            some = [one for one in some if one.get("type") != "null"]
            name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
            inner = self._definitions.get(name) if name else some[0] if len(some) == 1 else None
            if inner is None:
                break
            left = {k: v for k, v in schema.items() if k not in ("$ref", "anyOf", "allOf")}
            schema = inner | left
        return schema


def _asked(
    schema: dict[str, Any], label: str, *, in_object: bool = False, required: bool = True
) -> Any:
    """Ask for one value. An empty line is the default, and nothing if there is none."""
    about = str(schema.get("description", "")).strip()
    options = [one for one in schema.get("enum") or () if one is not None]
    hints = [about] if about and in_object else []
    if options:
        hints.append(" | ".join(map(str, options)))
    kind = schema.get("type", "string")
    hints += {
        "boolean": ["y/n"],
        "array": ["separated by commas"],
        "object": ["as JSON"],
    }.get(kind, [])
    if not required and schema.get("default") is not None:
        hints.append(f"default: {schema['default']}")
    elif not required:
        hints.append("may be empty")
    told = f" ({'; '.join(hints)})" if hints else ""
    said = input(legible(f"{label}{told}: ".replace("\n", " "))).strip()
    if said.startswith("!"):
        raise _Declined(said[1:].strip())
    if not said and (not required or kind != "string"):
        return _MISSING if in_object else None
    return _read(said, kind, options)


def _read(said: str, kind: Any, options: list[Any]) -> Any:
    """The JSON value of a line; the line itself where only the validator can tell."""
    if options:
        return next((one for one in options if str(one).lower() == said.lower()), said)
    if kind == "boolean":
        return True if said.lower() in _YES else False if said.lower() in _NO else said
    if kind == "array" and not said.startswith("["):
        return [one.strip() for one in said.split(",")]
    if kind == "string":
        return said
    try:
        return json.loads(said)
    except ValueError:
        return said


def _print(text: str) -> None:
    sys.stdout.write(f"{legible(text)}\n")
    sys.stdout.flush()
