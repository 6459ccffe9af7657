"""Turns ``output_type=`` into an ``OutputSpec`` and checks that the model can be asked for it."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from nbstream.core.message import user_message
from nbstream.core.output_spec import OutputSpec
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.protocols.media_protocol import refuse_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tool_spec import Tool
    from nbstream.providers import Model

_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
_VALUES = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset)


def spec_of(output_type: Any) -> OutputSpec:
    """The specification of ``output_type``.

    Raises:
        UsageError: no JSON schema can be made of it.
    """
    _check(output_type)
    from nbstream.typed import schema_for, schema_name  # slow to import

    try:
        return OutputSpec(schema_name(output_type), schema_for(output_type))
    except UsageError:
        raise
    except Exception as error:  # making a schema may run code of the type
        name = getattr(output_type, "__name__", None) or type(output_type).__name__
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise UsageError(
            f"{name} cannot be an output type: {reason}.",
            remedy="Pass a type that pydantic supports.",
        ) from error


def _check(output_type: Any) -> None:
    """Raise if it is not a type. Pydantic's own errors for that are long."""
    from pydantic import BaseModel, RootModel

    if isinstance(output_type, _FUNCTIONS):  # pydantic would make a schema of its arguments
        raise UsageError(
            f"{output_type.__name__}() is a function, and output_type= takes a type.",
            remedy="Pass the type that it returns, or pass the function as a tool.",
        )
    if output_type is BaseModel or output_type is RootModel:
        raise UsageError(
            f"{output_type.__name__} itself has no fields.",
            remedy="Pass a class that inherits from it.",
        )
    if is_value(output_type):
        raise UsageError(
            f"output_type= takes a type, and {shown(output_type)} is a value.",
            remedy="Pass a class, such as a pydantic model, or a type such as list[str].",
        )


def is_value(value: Any) -> bool:
    """Whether it is an object, such as a number, a DataFrame or a stream, and so no type."""
    from pydantic import BaseModel

    if isinstance(value, (*_VALUES, BaseModel)):
        return True
    if isinstance(value, type) or hasattr(value, "__get_pydantic_core_schema__"):
        return False
    library = type(value).__module__.partition(".")[0]
    return library not in ("builtins", "types", "typing", "typing_extensions", "pydantic")


def check_spec(
    model: Model, spec: OutputSpec, tools: Sequence[Tool], params: dict[str, Any]
) -> bool:
    """Check that ``model`` can be asked for ``spec``, by building a request for it.

    Returns whether the provider lets the model write only JSON of that type.

    Raises:
        UsageError: the provider cannot express the type.
    """
    if model.job is not None:
        refuse_output(spec, str(model))
    asked = [user_message("?")]
    request = model.protocol.request(model.name, asked, dict(params), tools=tools, output=spec)
    return request.enforces_output
