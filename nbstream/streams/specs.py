"""A type as the specification that a protocol can ask for.

Knows how a model is seen to take it before anything is sent. Refuses to know
how a schema is had from a type: that is ``typed``'s.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from nbstream.core.message import user_message
from nbstream.core.output import OutputSpec
from nbstream.errors import UsageError
from nbstream.protocols.drawing import refuse_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tools import Tool
    from nbstream.providers import Model


def spec_of(output_type: Any) -> OutputSpec:
    """What to ask for to get a value of ``output_type``.

    Raises:
        UsageError: it cannot be a schema.
    """
    from nbstream.typed import schema_for, schema_name  # dear to import

    if isinstance(output_type, FunctionType):  # to pydantic it is the type of its arguments
        raise UsageError(
            f"{output_type.__name__}() is a function; an answer cannot be one.",
            remedy="Give what it returns as output_type=, or the function as a tool.",
        )
    return OutputSpec(schema_name(output_type), schema_for(output_type))


def check_spec(
    model: Model, spec: OutputSpec, tools: Sequence[Tool], params: dict[str, Any]
) -> None:
    """See that ``model`` can be asked for it, by asking for it with nothing else.

    Raises:
        UsageError: the provider has no way to say that type.
    """
    if model.job is not None:
        refuse_output(spec, str(model))
    model.protocol.request(model.name, [user_message("?")], dict(params), tools=tools, output=spec)
