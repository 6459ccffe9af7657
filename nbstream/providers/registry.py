"""Keeps the models that users register; ``get_model``, and so ``%%llm -m``, finds them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.errors import UsageError
from nbstream.providers.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

_models: dict[str, Model] = {}


def register_model(model: Model) -> Callable[[], None]:
    """Register ``model`` under its name ``str(model)``. It takes precedence over providers' models.

    Returns:
        A function that removes it again.

    Raises:
        UsageError: ``model`` is not a ``Model``.

    >>> unregister = nbstream.register_model(ScriptedModel("Hello.", name="greeter"))
    >>> nbstream.stream("test/greeter", "hi").get_final_text()
    'Hello.'
    >>> unregister()
    """
    if not isinstance(model, Model):
        raise UsageError(
            f"register_model() takes a Model, not a {type(model).__name__}.",
            remedy="Pass what nbstream.get_model(...) returned, or a ScriptedModel.",
        )
    name = str(model)
    _models[name] = model

    def unregister() -> None:
        if _models.get(name) is model:
            del _models[name]

    return unregister


def registered_names() -> list[str]:
    """The names of all registered models."""
    return list(_models)


def registered(name: str) -> Model | None:
    """The model registered as ``name``; None if there is none."""
    return _models.get(name)
