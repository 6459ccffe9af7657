"""Which models cannot see, and which cannot call.

A short list of what is certain, by the beginnings of models' names; a model
that is not in it is asked, and may say no itself. Refuses to list who can see:
that changes every week.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.providers.model import Model

# Each from its maker's list of models.
_BLIND = (
    "smollm",  # SmolVLM is the one that sees
    "gpt-3.5",
    "gpt-4-0314",
    "gpt-4-0613",
    "o1-mini",
    "o1-preview",
    "o3-mini",
    "gpt-oss",
    "claude-2",
    "claude-instant",
    "deepseek-chat",
    "deepseek-reasoner",
    "deepseek-r1",
    "deepseek-v3",
    "codestral",
    "mistral-7b",
    "llama-3.1",
    "llama-3.3",
    "llama3.1",
    "llama3.3",
    "qwen3-coder",
    "qwq",
)


def cannot_see(model: Model) -> bool:
    """Whether it is certain that ``model`` takes no pictures."""
    if model.provider == "local":
        return True  # it is started without a projector
    name = model.name.rpartition("/")[2].lower()
    return name.startswith(_BLIND)


# llama.cpp leaves tools out without a word where the model's template has no place for them.
_CALLS_NOTHING = ("smollm2-135m", "smollm2-360m")


def check_calls(model: Model, tools: Sequence[Any]) -> None:
    """See that ``model`` would hear of ``tools``.

    Raises:
        UsageError: it is certain that it would not.
    """
    if tools and model.provider == "local" and model.name.lower().startswith(_CALLS_NOTHING):
        raise UsageError(
            f"{model} cannot call tools: its prompt has no place for them.",
            remedy="Ask another model, or another GGUF file as local/<path>.",
        )
