"""Writes ``VideoParams`` as the fields of a request, with one function for each protocol.

A protocol's name selects the function, and the number of videos that one request can make.
It does no I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.generation.sizes import ratio_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.generation.params import VideoParams

    Fields = dict[str, Any]
    Writer = Callable[[str, VideoParams, int], Fields]
    """Takes the model's name, the parameters and the number of videos; gives the fields."""

_OPENAI_SIZES = {
    ("16:9", "720p"): "1280x720",
    ("9:16", "720p"): "720x1280",
    ("16:9", "1080p"): "1920x1080",
    ("9:16", "1080p"): "1080x1920",
}


def _openai(model: str, params: VideoParams, n: int) -> Fields:  # noqa: ARG001 - one a job
    """OpenAI's videos API: https://platform.openai.com/docs/api-reference/videos/create."""
    _refuse(model, fps=params.fps, seed=params.seed)
    fields: Fields = {}
    if params.duration is not None:
        fields["seconds"] = f"{params.duration:g}"  # a string, as the document has it
    if size := _openai_size(model, params):
        fields["size"] = size
    return fields


def _openai_size(model: str, params: VideoParams) -> str | None:
    """The value of ``size``, in pixels; None leaves it to OpenAI."""
    if params.resolution and ratio_of(params.resolution):
        return params.resolution
    if not params.resolution and not params.aspect_ratio:
        return None
    shape = (params.aspect_ratio or "16:9", params.resolution or "720p")
    if found := _OPENAI_SIZES.get(shape):
        return found
    raise UsageError(
        f"{model} cannot make a video of {' at '.join(shape)}.",
        remedy="Use aspect_ratio= 16:9 or 9:16 with 720p or 1080p, or pass resolution= in pixels.",
    )


def _veo(model: str, params: VideoParams, n: int) -> Fields:  # noqa: ARG001 - one a job
    """Google's Veo: https://ai.google.dev/gemini-api/docs/video#veo-model-parameters."""
    _refuse(model, fps=params.fps)
    duration = params.duration
    if duration is not None and duration == int(duration):
        duration = int(duration)
    fields = {
        "aspectRatio": params.aspect_ratio,
        "resolution": params.resolution,
        "durationSeconds": duration,
        "seed": params.seed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _gateway(model: str, params: VideoParams, n: int) -> Fields:  # noqa: ARG001 - takes any
    """The fields of ``VideoModelV3CallOptions`` in Vercel's ``ai``."""
    fields = {
        "n": n,
        "aspectRatio": params.aspect_ratio,
        "resolution": params.resolution,
        "duration": params.duration,
        "fps": params.fps,
        "seed": params.seed,
        "providerOptions": dict(params.provider_options),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _refuse(model: str, **given: object) -> None:
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"{model} does not take {name}=.", remedy=f"Leave {name}= out.")


VIDEO_WRITERS: dict[str, Writer] = {
    "openai_videos": _openai,
    "veo": _veo,
    "gateway_videos": _gateway,
}

MAX_PER_REQUEST = {"openai_videos": 1, "veo": 1}
"""The most videos that one job can make; a protocol that is missing has no limit."""
