"""Makes a Responses API request ask for structured output: by schema or prompt.

Source: https://platform.openai.com/docs/guides/structured-outputs (``text.format``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_models import takes_schemas
from nbstream.protocols.structured import schema_in_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.protocols.json_fields import Json


def ask_for(
    spec: OutputSpec, model: str, messages: Sequence[Message], params: Mapping[str, Any]
) -> tuple[Sequence[Message], Json]:
    """The messages and the body's fields that ask for an answer of the type in ``spec``.

    Fields of ``text`` in ``params`` are kept.
    """
    if not takes_schemas(model):
        return schema_in_prompt(messages, spec), {}
    from nbstream.typed.dialects import openai

    schema, strict = openai(dict(spec.schema))
    row = {"type": "json_schema", "name": spec.name, "strict": strict, "schema": schema}
    given = params.get("text")
    return messages, {"text": {"format": row, **(given if isinstance(given, Mapping) else {})}}


def is_enforced(body: Json) -> bool:
    """Whether the model can write only JSON of the schema in the request's body."""
    text = body.get("text")
    row = text.get("format") if isinstance(text, Mapping) else None
    return isinstance(row, Mapping) and row.get("strict") is True
