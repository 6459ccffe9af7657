"""Typed output: parses a model's JSON into values of a Python type while it arrives. No I/O.

``Partial`` parses. ``schema_for`` and ``tool_schema`` make the JSON schemas to send,
and the package adapts them to each provider.
"""

from nbstream.errors import OutputError
from nbstream.typed.items import check_items_path
from nbstream.typed.output import OutputType, output_type
from nbstream.typed.output_state import OutputState
from nbstream.typed.partial import Partial
from nbstream.typed.root_value import WRAPPER_KEY
from nbstream.typed.schema import schema_for, schema_name
from nbstream.typed.tools import ToolSchema, tool_schema
from nbstream.typed.validation_errors import Problem

__all__ = [
    "WRAPPER_KEY",
    "OutputError",
    "OutputState",
    "OutputType",
    "Partial",
    "Problem",
    "ToolSchema",
    "check_items_path",
    "output_type",
    "schema_for",
    "schema_name",
    "tool_schema",
]
