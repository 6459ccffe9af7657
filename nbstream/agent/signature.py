"""Reads a function's signature: its context parameter, its arguments' schema and validation."""

from __future__ import annotations

import inspect
import json
from functools import cached_property
from types import SimpleNamespace
from typing import Any, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from nbstream.agent.context import RunContext
from nbstream.core.surrogates import pair_escapes
from nbstream.errors import ModelRetry, UsageError
from nbstream.typed.tools import ToolSchema, tool_schema
from nbstream.typed.validation_errors import problems_of

_CONTEXT_NAMES = ("ctx", "context", "run_context")
_MOST_PROBLEMS = 20


class Signature:
    """The parameters of ``function``, which a model fills in.

    A first parameter with the hint ``RunContext`` gets the run's context and is not among them.

    Raises:
        UsageError: a hint cannot be resolved, or has no JSON schema.
    """

    def __init__(self, function: Any, name: str) -> None:
        self._name = name
        self._hints = _hints(function, name)
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())
        _check_bound(function, name)
        self.takes_context = bool(parameters) and self._is_context(parameters[0])
        if self.takes_context:
            del parameters[0]
        self.arguments = self._arguments(function, signature.replace(parameters=parameters))

    def _is_context(self, first: inspect.Parameter) -> bool:
        hint = self._hints.get(first.name)
        if hint is None:
            return first.name in _CONTEXT_NAMES
        origin = get_origin(hint) or hint
        return isinstance(origin, type) and issubclass(origin, RunContext)

    def _arguments(self, function: Any, signature: inspect.Signature) -> Any:
        """A function with the parameters that the model fills in; it returns what it gets."""

        def arguments(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
            return args, kwargs

        arguments.__name__ = arguments.__qualname__ = self._name
        arguments.__doc__ = inspect.getdoc(function)
        arguments.__module__ = getattr(function, "__module__", None) or __name__
        hints = {name: self._hints.get(name, Any) for name in signature.parameters}
        rows = [row.replace(annotation=hints[name]) for name, row in signature.parameters.items()]
        arguments.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=rows, return_annotation=inspect.Signature.empty
        )
        arguments.__annotations__ = hints
        return arguments

    def schema(self) -> ToolSchema:
        """The name, description and parameters' JSON schema that the model gets."""
        return tool_schema(self.arguments)

    @cached_property
    def _validator(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.arguments)

    def validate(self, args_json: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The positional and keyword arguments of a call.

        Raises:
            ModelRetry: they are not valid; the text is for the model.
        """
        try:
            found: tuple[tuple[Any, ...], dict[str, Any]] = self._validator.validate_json(
                pair_escapes(args_json).strip() or "{}"
            )
        except (ValidationError, ValueError, RecursionError) as error:
            raise ModelRetry(feedback("The arguments are not valid", error)) from error
        return found

    def check(self, args: dict[str, Any]) -> None:
        """Check arguments that a person has changed.

        Raises:
            pydantic.ValidationError: they are not valid.
        """
        self._validator.validate_json(json.dumps(args))


def feedback(head: str, error: Exception) -> str:
    """What is wrong with a model's value, in words for the model."""
    rows = [f"- {problem}" for problem in problems_of(error)[:_MOST_PROBLEMS]]
    return "\n".join([f"{head}:", *rows, "Fix the errors and try again."])


def _hints(function: Any, name: str) -> dict[str, Any]:
    target = function
    if not inspect.isroutine(function) and not isinstance(function, type):
        target = type(function).__call__  # an object that can be called
    try:
        return _resolved(target)
    except Exception as error:  # noqa: BLE001 - a hint is any expression
        raise UsageError(
            f"{name}() cannot be a tool: {type(error).__name__}: {error}",
            remedy="Define the types of its hints before it. If it is a library's function, write "
            "one of your own that calls it.",
        ) from None


def _resolved(target: Any) -> dict[str, Any]:
    """The hints of the parameters; one of the result that has no meaning here is left out."""
    try:
        return get_type_hints(target, include_extras=True)
    except Exception:
        written = dict(target.__annotations__)
        if written.pop("return", None) is None:
            raise
    unwrapped = inspect.unwrap(target)
    taken = SimpleNamespace(
        __annotations__=written, __globals__=getattr(unwrapped, "__globals__", {})
    )
    return get_type_hints(taken, include_extras=True)


def _check_bound(function: Any, name: str) -> None:
    """Refuse a method that was taken from its class: a model cannot give it its object."""
    if not inspect.isfunction(function) or "self" not in function.__code__.co_varnames[:1]:
        return
    if function.__code__.co_argcount:
        owner = function.__qualname__.rpartition(".")[0].rpartition(".")[2] or "Class"
        raise UsageError(
            f"{name}() cannot be a tool: it is a method without its object.",
            remedy=f"Pass the method of an object: {owner}(...).{name}.",
        )
