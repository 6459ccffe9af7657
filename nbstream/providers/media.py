"""Chooses the protocol or job for models that make images or videos, by the model's name.

Where the name says nothing (at a gateway, on Azure, on the user's own server), the kind of file
that was asked for decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from nbstream.errors import UsageError
from nbstream.protocols.media_protocol import MediaProtocol
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.protocols.base import WireProtocol
    from nbstream.protocols.jobs import JobProtocol
    from nbstream.providers.model import Model

Kind = Literal["image", "video"]


@dataclass(frozen=True, slots=True)
class Media:
    """Whether a model makes images or videos, and by which protocol or job.

    None keeps the provider's protocol.
    """

    kind: Kind
    protocol: Callable[[str], WireProtocol] | None = field(default=None, repr=False)
    job: Callable[[], JobProtocol] | None = field(default=None, repr=False)


def _openai_images(model: str, key_header: str | None = None) -> WireProtocol:
    from nbstream.protocols.openai_images import OpenAIImages

    return OpenAIImages(model, key_header)


def _openai_videos(key_header: str | None = None) -> JobProtocol:
    from nbstream.protocols.openai_videos import OpenAIVideos

    return OpenAIVideos(key_header=key_header)


def _imagen(model: str) -> WireProtocol:
    from nbstream.protocols.imagen import Imagen

    return Imagen(model)


def _veo() -> JobProtocol:
    from nbstream.protocols.veo import Veo

    return Veo()


def _gateway_images(model: str) -> WireProtocol:
    from nbstream.protocols.gateway_media import GatewayImages

    return GatewayImages(model)


def _gateway_videos(model: str) -> WireProtocol:
    from nbstream.protocols.gateway_media import GatewayVideos

    return GatewayVideos(model)


_OPENAI_IMAGES = Media("image", _openai_images)
_OPENAI_VIDEOS = Media("video", job=_openai_videos)
_AZURE = "api-key"  # Azure's bearer tokens are for Microsoft Entra, not for keys
_AZURE_IMAGES = Media("image", partial(_openai_images, key_header=_AZURE))
_AZURE_VIDEOS = Media("video", job=partial(_openai_videos, _AZURE))
_GATEWAY_IMAGES = Media("image", _gateway_images)
_GATEWAY_VIDEOS = Media("video", _gateway_videos)
_CHAT_WITH_IMAGES = Media("image")

_IMAGE_NAMES, _VIDEO_NAMES = r"(gpt|chatgpt)-image|dall-e", r"sora"
# The first pattern that matches the name wins.
_NAMES: dict[str, tuple[tuple[str, Media], ...]] = {
    "openai": ((_IMAGE_NAMES, _OPENAI_IMAGES), (_VIDEO_NAMES, _OPENAI_VIDEOS)),
    "openai-chat": ((_IMAGE_NAMES, _OPENAI_IMAGES), (_VIDEO_NAMES, _OPENAI_VIDEOS)),
    "azure": ((_IMAGE_NAMES, _AZURE_IMAGES), (_VIDEO_NAMES, _AZURE_VIDEOS)),
    "google": (
        (r"imagen", Media("image", _imagen)),
        (r"veo", Media("video", job=_veo)),
        (r"gemini.*image", _CHAT_WITH_IMAGES),
    ),
    "gateway": (
        (r"gemini.*image|/gpt-[\d.]+.*image|nano-banana", _CHAT_WITH_IMAGES),
        (r"/(sora|veo|kling|wan|seedance|ray|hailuo|pixverse|hunyuan-video)", _GATEWAY_VIDEOS),
        (r"video|[ti]2v", _GATEWAY_VIDEOS),
        (r"/(imagen|flux|recraft|seedream|ideogram|photon|dall-e|stable-)", _GATEWAY_IMAGES),
        (r"image|^(bfl|recraft)/", _GATEWAY_IMAGES),
    ),
    "openrouter": ((r"image|flux|seedream|riverflow", _CHAT_WITH_IMAGES),),
}

# For providers whose models may have any name: the protocol for each kind.
_ANY: dict[str, dict[Kind, Media]] = {
    "openai": {"image": _OPENAI_IMAGES, "video": _OPENAI_VIDEOS},
    "openai-chat": {"image": _OPENAI_IMAGES, "video": _OPENAI_VIDEOS},
    "azure": {"image": _AZURE_IMAGES, "video": _AZURE_VIDEOS},
    "gateway": {"image": _GATEWAY_IMAGES, "video": _GATEWAY_VIDEOS},
}

_CHAT_MODELS = re.compile(
    r"(^|/)(claude|gpt-(?!image)|chatgpt-(?!image)|o[134]\b|gemini|gemma|llama|ministral|mistral"
    r"|magistral|codestral|deepseek|qwen|grok-(code|[\d.]+(-fast|-mini|$))|sonar|command|kimi|glm)"
)
_EXAMPLES: dict[Kind, str] = {
    "image": "openai/gpt-image-1, google/gemini-2.5-flash-image or google/imagen-4.0-generate-001",
    "video": "google/veo-3.1-generate-preview or gateway/google/veo-3.1-generate-001",
}


def _current_kind(model: Model) -> Kind | None:
    """What ``model`` makes with its current protocol or job; None if that is text."""
    if model.job is not None:
        return "video"
    return model.protocol.makes if isinstance(model.protocol, MediaProtocol) else None


def _is_unknown_name(model: Model) -> bool:
    """Whether the name does not tell what the model makes.

    So it is at a gateway or on the user's own server.
    """
    if model.provider not in _ANY or _CHAT_MODELS.search(model.name.lower()):
        return False
    own = PROVIDERS[model.provider].base_url
    return model.provider == "gateway" or model.endpoint().base_url.rstrip("/") != own


def media_of(provider: str, model: str) -> Media | None:
    """What the model makes, judged by its name; None if it writes text."""
    rows = _NAMES.get(provider, ())
    return next((media for names, media in rows if re.search(names, model.lower())), None)


def with_media(model: Model, media: Media | None) -> Model:
    """A copy of ``model`` that uses the protocol or job of ``media``."""
    if media is None:
        return model
    protocol = media.protocol(model.name) if media.protocol else model.protocol
    return replace(model, protocol=protocol, job=media.job() if media.job else None)


def media_model(model: Model, kind: Kind) -> Model:
    """A copy of ``model`` that uses the protocol for images or videos, as ``kind`` says.

    Raises:
        UsageError: it makes something else.
    """
    if model.source is not None or _current_kind(model) == kind:
        return model
    media = media_of(model.provider, model.name)
    if media is None and _is_unknown_name(model):
        media = _ANY[model.provider][kind]
    if media is None or media.kind != kind:
        made = f"{media.kind}s" if media else "text"
        raise UsageError(
            f"{model} makes {made}, not {kind}s.",
            remedy=f"Use a model such as {_EXAMPLES[kind]}.",
        )
    return with_media(model, media)
