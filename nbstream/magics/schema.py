"""``--schema``: makes an answer's type from the name of a type, or from a list of fields."""

from __future__ import annotations

import ast
import builtins
import warnings
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.request.output_type import is_value, spec_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {"i": "int", "u": "int", "f": "float", "b": "bool"}
"""The types of a DataFrame's columns, by NumPy's letters."""
_REMEDY = "Write a type of yours, such as list[Person], or fields: 'name: str, age: int = 0'."


def output_type(text: str, names: Mapping[str, Any]) -> Any:
    """The type that ``text`` names in the user's namespace, or one with the fields it lists.

    Fields in square brackets, ``[name: str, age: int]``, are a list of such objects. A field may
    have a default.

    Raises:
        UsageError: it is neither, a name in it does not exist, or no answer can be of that type.
    """
    scope = {**vars(builtins), **_typing(), **names}
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        kind = _of_fields(text.strip(), scope)
    else:
        kind = _named(text, scope)
    try:
        spec_of(kind)
    except UsageError as error:
        raise UsageError(f"--schema {text}: {error.text}", remedy=error.remedy) from None
    return kind


def _named(text: str, scope: dict[str, Any]) -> Any:
    """The type that an expression gives."""
    value = _evaluated(text, text.strip(), scope)
    if value is None or isinstance(value, (tuple, dict, set)) or is_value(value):
        found = type(value).__name__
        raise UsageError(
            f"--schema {text} is not a type, but a value of type {found}.",
            remedy=_rows_like(value) or _REMEDY,
        )
    return value


def _rows_like(value: Any) -> str | None:
    """What to write for rows like those of a DataFrame; None for another value."""
    types = getattr(value, "dtypes", None)
    columns = [str(name) for name in getattr(value, "columns", ())]
    if types is None or not columns or not all(map(str.isidentifier, columns)):
        return None
    kinds = [_KINDS.get(getattr(one, "kind", ""), "str") for one in types]
    fields = ", ".join(f"{name}: {kind}" for name, kind in zip(columns, kinds, strict=True))
    return f"For such rows write: --schema '[{fields}]'. The answer's df is a DataFrame."


def _typing() -> dict[str, Any]:
    """The names that annotations use most."""
    import datetime as dt
    import typing

    wanted = ("Literal", "Optional", "Union", "Any", "Annotated")
    return {
        **{name: getattr(typing, name) for name in wanted},
        "date": dt.date,
        "datetime": dt.datetime,
    }


def _of_fields(text: str, scope: dict[str, Any]) -> Any:
    """A pydantic model with the fields that ``text`` lists."""
    is_list = text.startswith("[") and text.endswith("]")
    inner = text[1:-1] if is_list else text
    try:
        parsed = ast.parse(f"def _(*, {inner}): ...").body[0]
    except (SyntaxError, ValueError):
        raise UsageError(f"--schema cannot be read: {text}", remedy=_REMEDY) from None
    assert isinstance(parsed, ast.FunctionDef)
    arguments = parsed.args
    fields: dict[str, Any] = {}
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        kind = str if argument.annotation is None else _of_node(text, argument.annotation, scope)
        fields[argument.arg] = (kind, ... if default is None else _of_node(text, default, scope))
    if hidden := next((name for name in fields if name.startswith("_")), None):
        # pydantic leaves such a field out of the schema.
        raise UsageError(f"--schema {text}: {hidden} begins with _.", remedy="Choose another name.")
    if arguments.args or arguments.kwarg or arguments.vararg or not fields:
        raise UsageError(f"--schema cannot be read: {text}", remedy=_REMEDY)

    from pydantic import create_model

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a field may be called json, as a method is
            model = create_model("Row" if is_list else "Output", **fields)
    except Exception as error:  # noqa: BLE001 - pydantic's, and those of the user's types
        # Pydantic goes on with advice for authors of types.
        reason = str(error).partition("\n")[0].partition(" Set `arbitrary_types_allowed")[0]
        raise UsageError(f"--schema {text} is not possible: {reason}", remedy=_REMEDY) from None
    return list[model] if is_list else model  # type: ignore[valid-type]


def _of_node(text: str, node: ast.expr, scope: dict[str, Any]) -> Any:
    return _evaluated(text, ast.unparse(node), scope)


def _evaluated(text: str, expression: str, scope: dict[str, Any]) -> Any:
    try:
        return eval(expression, scope)  # noqa: S307 - the user's own code
    except Exception as error:  # noqa: BLE001 - of the user's own code
        raise UsageError(f"--schema {text}: {error}", remedy=_REMEDY) from None
