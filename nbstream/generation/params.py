"""What one may ask of a picture or a video, in words that all providers share.

Plain values. Refuses to know how a provider says them; that stands in
``image_words`` and ``video_words``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from nbstream.errors import UsageError

_RATIO = re.compile(r"[1-9]\d{0,4}:[1-9]\d{0,4}")


@dataclass(frozen=True, slots=True)
class ImageParams:
    """How pictures are to be; what is None is left to the provider.

    ``n`` pictures (default 1), by several requests at once where one cannot
    give that many. ``size`` is ``1024x1024`` in pixels, or ``1K``, ``2K`` and
    ``4K`` with Google. ``aspect_ratio`` is ``16:9``, width to height; a model
    with a few fixed sizes draws the nearest of them. ``partial_images`` is the
    number of drafts that come as events before the picture (default 0, up to 3,
    OpenAI only; each costs). ``provider_options`` go to the provider under its
    own names, such as ``{"quality": "high"}``, or by provider as
    ``{"openai": {"quality": "high"}}``.

    Raises:
        UsageError: a value that no provider takes.
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
            raise UsageError("Give a size or an aspect ratio, not both.")
        if not 0 <= self.partial_images <= 3:
            raise UsageError("partial_images is a number from 0 to 3.")


@dataclass(frozen=True, slots=True)
class VideoParams:
    """How videos are to be; what is None is left to the provider.

    ``n`` videos (default 1), each by a job of its own where the provider makes
    one at a time. ``duration`` is in seconds; most models take a few fixed
    lengths. ``resolution`` is ``720p``, ``1080p`` or ``1280x720``. ``fps`` is
    in frames a second. ``aspect_ratio`` and ``provider_options`` as in
    ``ImageParams``.

    Raises:
        UsageError: a value that no provider takes.
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
            raise UsageError("A video's duration is in seconds, and positive.")


Params = ImageParams | VideoParams


def _check_count(n: int) -> None:
    if type(n) is not int or n < 1:
        raise UsageError(f"n is how many to make, 1 or more; not {n!r}.")


def _check_ratio(ratio: str | None) -> None:
    if ratio is not None and not _RATIO.fullmatch(str(ratio)):
        raise UsageError(f"An aspect ratio is written as 16:9, not {ratio!r}.")
