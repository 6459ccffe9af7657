"""Models that have a name because somebody gave them one.

Knows names and models, no providers. This is how ``%%llm -m`` reaches a model
that no provider has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.providers.model import Model

_models: dict[str, Model] = {}


def register_model(model: Model) -> Callable[[], None]:
    """Let ``model`` be had by its own name (``str(model)``), before any provider's.

    Returns the function that ends it.

    >>> unregister = nbstream.register_model(ScriptedModel("Hello.", name="greeter"))
    >>> nbstream.stream("test/greeter", "hi").get_final_text()
    'Hello.'
    >>> unregister()
    """
    name = str(model)
    _models[name] = model

    def end() -> None:
        if _models.get(name) is model:
            del _models[name]

    return end


def registered(name: str) -> Model | None:
    """The model of that name, if there is one."""
    return _models.get(name)
