"""Writes ``ImageParams`` as the fields of a request, with one function for each protocol.

Also says how many images one request of a protocol can ask for. Sizes and ratios are those
that the providers document. It does no I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.generation.sizes import matching, nearest, pixel_size, ratio_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.generation.params import ImageParams

    Fields = dict[str, Any]
    Writer = Callable[[str, ImageParams, int], Fields]
    """Takes the model's name, the parameters and the number of images; gives the fields."""

_GPT_IMAGE = ("1024x1024", "1536x1024", "1024x1536")
_DALL_E_3 = ("1024x1024", "1792x1024", "1024x1792")
_IMAGEN = ("1:1", "3:4", "4:3", "9:16", "16:9")
_GEMINI = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")


def _openai(model: str, params: ImageParams, n: int) -> Fields:
    """OpenAI's images API: https://platform.openai.com/docs/api-reference/images/create."""
    if params.seed is not None:
        raise UsageError("OpenAI's image models do not take seed=.", remedy="Leave seed= out.")
    fields: Fields = {"stream": True, "partial_images": params.partial_images}
    if not params.partial_images:
        fields = {}
    elif n > 1 or model.startswith("dall-e"):
        raise UsageError(
            f"{model} does not support partial_images= with n={n}.",
            remedy="Leave partial_images= out, or use a gpt-image model with n=1.",
        )
    if not model.startswith("dall-e"):
        fields.setdefault("stream", False)
    if n > 1:
        fields["n"] = n
    if params.size:
        fields["size"] = params.size
    elif params.aspect_ratio:
        fields["size"] = _openai_size(model, params.aspect_ratio)
    return fields


def _openai_size(model: str, ratio: str) -> str:
    """The size nearest to ``ratio`` that the OpenAI model supports."""
    if model.startswith("dall-e-2"):
        return "1024x1024"
    if model.startswith("dall-e"):
        return nearest(ratio, _DALL_E_3)
    if model.startswith(("gpt-image-1", "chatgpt-image")):
        return nearest(ratio, _GPT_IMAGE)
    # gpt-image-2: any size in steps of 16, from 1:3 to 3:1.
    if not 1 / 3 <= (ratio_of(ratio) or 1) <= 3:
        raise UsageError(f"{model} takes aspect ratios from 1:3 to 3:1, not {ratio}.")
    return "1024x1024" if ratio_of(ratio) == 1 else pixel_size(ratio, 1536, 16)


def _imagen(model: str, params: ImageParams, n: int) -> Fields:
    """Google's Imagen: https://ai.google.dev/gemini-api/docs/imagen#imagen-configuration."""
    ratio, size = _google_ratio_and_size(model, params, _IMAGEN)
    fields = {"sampleCount": n, "aspectRatio": ratio, "sampleImageSize": size, "seed": params.seed}
    return {name: value for name, value in fields.items() if value is not None}


def _gemini(model: str, params: ImageParams, n: int) -> Fields:  # noqa: ARG001 - one at a time
    """https://ai.google.dev/gemini-api/docs/image-generation#optional-configurations."""
    fields: Fields = {"responseModalities": ["TEXT", "IMAGE"]}
    if config := _image_config(model, params):
        fields["imageConfig"] = config
    if params.seed is not None:
        fields["seed"] = params.seed
    return fields


def _image_config(model: str, params: ImageParams) -> Fields:
    """Gemini's ``imageConfig``."""
    ratio, size = _google_ratio_and_size(model, params, _GEMINI)
    config = {"aspectRatio": ratio, "imageSize": size}
    return {name: value for name, value in config.items() if value}


def _google_ratio_and_size(
    model: str, params: ImageParams, ratios: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """Google's ratio and size; a size in pixels is sent as its ratio."""
    _refuse_drafts(model, params)
    if not params.size or ratio_of(params.size) is None:
        return params.aspect_ratio, params.size
    if ratio := matching(params.size, ratios):
        return ratio, None
    raise UsageError(
        f"{model} does not take size={params.size!r}.",
        remedy=f"Pass aspect_ratio=, one of {', '.join(ratios)}.",
    )


def _chat(model: str, params: ImageParams, n: int) -> Fields:  # noqa: ARG001 - one at a time
    """Chat Completions with images in the answer.

    https://vercel.com/docs/ai-gateway/modalities/image-generation/openai and
    https://openrouter.ai/docs/features/multimodal/image-generation.
    """
    _refuse_drafts(model, params)
    fields: Fields = {"modalities": ["text", "image"]}
    if params.seed is not None:
        fields["seed"] = params.seed
    if config := _image_config(model, params):
        fields["image_config"] = {
            {"aspectRatio": "aspect_ratio", "imageSize": "image_size"}[name]: value
            for name, value in config.items()
        }
        if model.startswith("google/"):
            fields["providerOptions"] = {"google": {"imageConfig": config}}
    return fields


def _gateway(model: str, params: ImageParams, n: int) -> Fields:
    """The fields of ``ImageModelV3CallOptions`` in Vercel's ``ai``."""
    _refuse_drafts(model, params)
    fields = {
        "n": n,
        "size": params.size,
        "aspectRatio": params.aspect_ratio,
        "seed": params.seed,
        "providerOptions": dict(params.provider_options),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _refuse_drafts(model: str, params: ImageParams) -> None:
    """Raise an error if ``partial_images=`` was given."""
    if params.partial_images:
        raise UsageError(
            f"{model} does not support partial_images=.", remedy="Leave partial_images= out."
        )


IMAGE_WRITERS: dict[str, Writer] = {
    "openai_images": _openai,
    "imagen": _imagen,
    "gemini": _gemini,
    "openai_chat": _chat,
    "gateway_images": _gateway,
}

MAX_PER_REQUEST = {"openai_images": 10, "imagen": 4, "gemini": 1, "openai_chat": 1}
"""The most images that one request can ask for; a protocol that is missing has no limit."""
