"""``ImageParams`` and ``VideoParams``: parameters of ``generate()``, named alike for all providers.

How each provider writes them is in ``image_params`` and ``video_params``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_arguments

_RATIO = re.compile(r"[1-9]\d{0,4}:[1-9]\d{0,4}")


@checked_arguments
@dataclass(frozen=True, slots=True)
class ImageParams:
    """What images to make. A field that is None is left to the provider.

    ``n``: how many images (default 1); several requests are made at once where one cannot give
    that many. ``size``: pixels, such as ``1024x1024``, or Google's ``1K``, ``2K`` and ``4K``.
    ``aspect_ratio``: width to height, such as ``16:9``; a model with fixed sizes draws the
    nearest. ``partial_images``: the number of drafts that come as events before the image (0 to
    3, default 0; OpenAI only, and each costs tokens). ``provider_options``: fields in the
    provider's own words, such as ``{"quality": "high"}``, or by provider, such as
    ``{"openai": {"quality": "high"}}``.

    >>> nbstream.ImageParams(n=2, aspect_ratio="16:9").n
    2

    Raises:
        UsageError: a value that no provider takes, or an unknown field.
    """

    n: int = 1
    size: str | None = None
    aspect_ratio: str | None = None
    seed: int | None = None
    partial_images: int = 0
    provider_options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_count(self.n)
        _check_ratio(self.aspect_ratio)
        if self.size and self.aspect_ratio:
            raise UsageError("Pass size= or aspect_ratio=, not both.")
        if not 0 <= self.partial_images <= 3:
            raise UsageError("partial_images= is a number from 0 to 3.")


@checked_arguments
@dataclass(frozen=True, slots=True)
class VideoParams:
    """What videos to make. A field that is None is left to the provider.

    ``n``: how many videos (default 1), each in its own job where the provider makes one at a
    time. ``duration``: seconds; most models take a few fixed lengths. ``resolution``: ``720p``,
    ``1080p`` or pixels such as ``1280x720``. ``fps``: frames per second. ``aspect_ratio`` and
    ``provider_options`` are as in ``ImageParams``.

    >>> nbstream.VideoParams(duration=8, resolution="720p").duration
    8

    Raises:
        UsageError: a value that no provider takes, or an unknown field.
    """

    n: int = 1
    aspect_ratio: str | None = None
    resolution: str | None = None
    duration: float | None = None
    fps: int | None = None
    seed: int | None = None
    provider_options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_count(self.n)
        _check_ratio(self.aspect_ratio)
        if self.duration is not None and self.duration <= 0:
            raise UsageError("A video's duration= is a number of seconds above 0.")


Params = ImageParams | VideoParams


def _check_count(n: int) -> None:
    if type(n) is not int or n < 1:
        raise UsageError(f"n= is a number of 1 or more, not {shown(n)}.")


def _check_ratio(ratio: str | None) -> None:
    if ratio is not None and not _RATIO.fullmatch(str(ratio)):
        raise UsageError(f"aspect_ratio= is written like 16:9, not {shown(ratio)}.")
