"""Makes a Chat Completions request ask for structured output: by schema, JSON mode or prompt.

Source: https://platform.openai.com/docs/api-reference/chat/create
(``response_format``) and the pages named in ``quirks``, which says what each server can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nbstream.protocols.openai_models import takes_schemas
from nbstream.protocols.structured import schema_in_prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.quirks import Quirks, Schemas


def ask_for(
    spec: OutputSpec, model: str, messages: Sequence[Message], quirks: Quirks
) -> tuple[Sequence[Message], Json]:
    """The messages and the body's fields that ask for an answer of the type in ``spec``.

    ``takes_schemas`` is called only for OpenAI's own models; it does not know other names.
    """
    mode = quirks.schemas
    if quirks.openai_models and not takes_schemas(model):
        mode = "object"
    fields = _FIELDS[mode](spec)
    return (schema_in_prompt(messages, spec) if mode in ("object", "words") else messages), fields


def _strict(spec: OutputSpec) -> Json:
    """Ask by the schema, as OpenAI restricts it."""
    from nbstream.typed.dialects import openai

    schema, strict = openai(dict(spec.schema))
    return _format({"name": spec.name, "strict": strict, "schema": schema})


def _plain(spec: OutputSpec) -> Json:
    """Ask by the schema as it is."""
    return _format({"name": spec.name, "schema": dict(spec.schema)})


def _format(named: Json) -> Json:
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _object(spec: OutputSpec) -> Json:
    """Ask for JSON of any shape; the schema is in the prompt."""
    del spec
    return {"response_format": {"type": "json_object"}}


def _words(spec: OutputSpec) -> Json:
    """No field: only the prompt asks."""
    del spec
    return {}


_FIELDS: dict[Schemas, Callable[[OutputSpec], Json]] = {
    "strict": _strict,
    "plain": _plain,
    "object": _object,
    "words": _words,
}


def is_enforced(body: Json) -> bool:
    """Whether the model can write only JSON of the schema in the request's body."""
    row = body.get("response_format")
    schema = row.get("json_schema") if isinstance(row, Mapping) else None
    return isinstance(schema, Mapping) and schema.get("strict") is True
