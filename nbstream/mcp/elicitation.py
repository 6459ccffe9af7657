"""``Elicitation``: what a server asks the user, as a question of the tool that runs.

The server describes a flat form by a JSON schema. A pydantic model of it goes to ``ctx.ask``.
"""

from __future__ import annotations

import asyncio
import contextvars
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from nbstream.errors import NBStreamError
from nbstream.mcp.texts import cleaned, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.agent.context import RunContext

_MOST_FIELDS = 50
_TYPES = {"string": str, "number": float, "integer": int, "boolean": bool}
_LIMITS = {
    "minimum": "ge",
    "maximum": "le",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
}
_call: contextvars.ContextVar[RunContext[Any] | None] = contextvars.ContextVar("call", default=None)


class Elicitation:
    """Asks for one server. Called by the package on nbstream's event loop."""

    def __init__(self) -> None:
        self._calls: list[RunContext[Any]] = []

    @contextmanager
    def during(self, ctx: RunContext[Any]) -> Iterator[None]:
        """Ask as the call of ``ctx`` meanwhile."""
        self._calls.append(ctx)
        token = _call.set(ctx)
        try:
            yield
        finally:
            _call.reset(token)
            self._calls.remove(ctx)

    async def answer(self, context: Any, params: Any) -> Any:  # noqa: ARG002 - as it is called
        """The user's answer. Without a call that runs, or for an address to open, there is none."""
        from mcp_types import ElicitResult

        # The older protocol does not say for which call a server asks: most likely the last one.
        ctx = _call.get() or (self._calls[-1] if self._calls else None)
        try:
            form = Form(params.requested_schema)
        except (AttributeError, KeyError, TypeError, ValueError):
            return ElicitResult(action="decline")
        ask = getattr(ctx, "ask", None)
        if ask is None:
            return ElicitResult(action="decline")
        try:
            value = await ask(form.model, cleaned(params.message, 2_000))
        except NBStreamError:  # the user declined, or cannot be asked
            return ElicitResult(action="decline")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return ElicitResult(action="cancel")  # the call has ended meanwhile
        return ElicitResult(action="accept", content=form.content(value))


class Form:
    """The pydantic model of a flat JSON schema.

    Raises:
        ValueError: the schema is not flat.
    """

    def __init__(self, schema: Any) -> None:
        rows = schema.get("properties", {}) if isinstance(schema, dict) else None
        if not isinstance(rows, dict) or len(rows) > _MOST_FIELDS:
            raise ValueError("no form")
        required = schema.get("required", ())
        self._names = {f"field_{at}": name for at, name in enumerate(rows)}
        fields = {
            own: _field(rows[name], name, required=name in required)
            for own, name in self._names.items()
        }
        self.model: type[BaseModel] = create_model(
            line(schema.get("title") or "Answer", 60),
            __config__=ConfigDict(validate_by_name=True, serialize_by_alias=True),
            **fields,
        )

    def content(self, value: Any) -> dict[str, Any]:
        """The answer as the server wants it; what was left empty is left out."""
        rows = {name: getattr(value, own) for own, name in self._names.items()}
        return {name: one for name, one in rows.items() if one is not None}


def _field(row: Any, name: str, *, required: bool) -> Any:
    """The type and the default of a field.

    Raises:
        ValueError: it is not one that a form can have.
    """
    if not isinstance(row, dict):
        raise ValueError("no field")  # noqa: TRY004 - of a server, not of a caller
    kind = _kind(row)
    limits = {
        ours: row[theirs]
        for theirs, ours in _LIMITS.items()
        if isinstance(row.get(theirs), (int, float)) and kind is not bool
    }
    default = row.get("default")
    missing = ... if required else None
    field = Field(
        missing if default is None else default,
        alias=name,
        title=line(row.get("title") or name, 100),
        description=line(row["description"], 500) if row.get("description") else None,
    )
    given: Any = Annotated[kind, Field(**limits)] if limits else kind
    return (given if required or default is not None else given | None, field)


def _kind(row: dict[str, Any]) -> Any:
    """The Python type of a field."""
    if row.get("type") == "array":
        return list[_kind(row["items"])]  # type: ignore[misc] # made while it runs
    choices = row.get("enum") or [
        one["const"] for one in row.get("oneOf") or row.get("anyOf") or () if "const" in one
    ]
    if choices:
        return Literal[tuple(choices)]
    kind = row.get("type")
    if kind not in _TYPES:
        raise ValueError("no type of a form")
    return _TYPES[kind]
