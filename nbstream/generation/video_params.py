"""``VideoParams`` in each protocol's own words.

One function a protocol, found by its name. Refuses to send anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.generation.sizes import ratio_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.generation.params import VideoParams

    Words = dict[str, Any]
    Writer = Callable[[str, VideoParams, int], Words]
    """Of the model's name, the parameters, and how many this request is for."""

_OPENAI_SIZES = {
    ("16:9", "720p"): "1280x720",
    ("9:16", "720p"): "720x1280",
    ("16:9", "1080p"): "1920x1080",
    ("9:16", "1080p"): "1080x1920",
}


def _openai(model: str, params: VideoParams, n: int) -> Words:  # noqa: ARG001 - one a job
    """https://platform.openai.com/docs/api-reference/videos/create."""
    _refuse(model, fps=params.fps, seed=params.seed)
    words: Words = {}
    if params.duration is not None:
        words["seconds"] = f"{params.duration:g}"  # a string, as the document has it
    if size := _openai_size(model, params):
        words["size"] = size
    return words


def _openai_size(model: str, params: VideoParams) -> str | None:
    if params.resolution and ratio_of(params.resolution):
        return params.resolution
    if not params.resolution and not params.aspect_ratio:
        return None
    shape = (params.aspect_ratio or "16:9", params.resolution or "720p")
    if found := _OPENAI_SIZES.get(shape):
        return found
    raise UsageError(
        f"{model} films no {' at '.join(shape)}.",
        remedy="It takes 16:9 and 9:16, at 720p or 1080p, or resolution= in pixels.",
    )


def _veo(model: str, params: VideoParams, n: int) -> Words:  # noqa: ARG001 - one a job
    """https://ai.google.dev/gemini-api/docs/video#veo-model-parameters."""
    _refuse(model, fps=params.fps)
    duration = params.duration
    if duration is not None and duration == int(duration):
        duration = int(duration)
    words = {
        "aspectRatio": params.aspect_ratio,
        "resolution": params.resolution,
        "durationSeconds": duration,
        "seed": params.seed,
    }
    return {name: value for name, value in words.items() if value is not None}


def _gateway(model: str, params: VideoParams, n: int) -> Words:  # noqa: ARG001 - takes any
    """The fields of ``VideoModelV3CallOptions`` in Vercel's ``ai``."""
    words = {
        "n": n,
        "aspectRatio": params.aspect_ratio,
        "resolution": params.resolution,
        "duration": params.duration,
        "fps": params.fps,
        "seed": params.seed,
        "providerOptions": dict(params.provider_options),
    }
    return {name: value for name, value in words.items() if value is not None}


def _refuse(model: str, **given: object) -> None:
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"{model} takes no {name}.", remedy=f"Leave {name}= out.")


VIDEO_WORDS: dict[str, Writer] = {
    "openai_videos": _openai,
    "veo": _veo,
    "gateway_videos": _gateway,
}

AT_ONCE = {"openai_videos": 1, "veo": 1}
"""How many videos one job can be for; without a number, any."""
