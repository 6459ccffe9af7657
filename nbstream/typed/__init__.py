"""Typed output: JSON text in, values of a type out, while it still arrives.

``Partial`` reads; ``schema_for`` says what to ask a provider for, in the dialect
it understands; ``tool_schema`` does so for a tool. No I/O, no provider.
"""

from nbstream.errors import OutputError
from nbstream.typed.output import OutputType, output_type
from nbstream.typed.partial import Partial
from nbstream.typed.root_value import WRAPPER_KEY
from nbstream.typed.schema import schema_for, schema_name
from nbstream.typed.tools import ToolSchema, tool_schema
from nbstream.typed.validation_errors import Problem

__all__ = [
    "WRAPPER_KEY",
    "OutputError",
    "OutputType",
    "Partial",
    "Problem",
    "ToolSchema",
    "output_type",
    "schema_for",
    "schema_name",
    "tool_schema",
]
