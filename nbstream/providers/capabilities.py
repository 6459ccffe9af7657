"""Lists the models that take no images, and the local ones that cannot call tools.

A short list of certain cases, by prefix of the model's name. Other models are sent the request,
and their provider may refuse it. Models that can see are not listed: that changes every week.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.providers.model import Model

# Each from its maker's list of models.
_WITHOUT_VISION = (
    "smollm",  # not SmolVLM, which takes pictures
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


def takes_no_images(model: Model) -> bool:
    """Whether it is certain that ``model`` takes no images as input."""
    if model.provider == "local":
        return True  # it is started without a projector
    name = model.name.rpartition("/")[2].lower()
    return name.startswith(_WITHOUT_VISION)


# llama.cpp silently drops tools where the model's chat template does not use them.
_WITHOUT_TOOLS = ("smollm2-135m", "smollm2-360m")


def ignores_tools(model: Model) -> bool:
    """Whether it is certain that ``model`` ignores tools."""
    return model.provider == "local" and model.name.lower().startswith(_WITHOUT_TOOLS)


def check_tool_support(model: Model, tools: Sequence[Any]) -> None:
    """Raise if it is certain that ``model`` ignores ``tools``.

    Raises:
        UsageError: the model ignores them.
    """
    if tools and ignores_tools(model):
        raise UsageError(
            f"{model} cannot call tools: its chat template does not use them.",
            remedy="Use another model, or another GGUF file as local/<path>.",
        )
