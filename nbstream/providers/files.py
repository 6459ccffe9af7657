"""Checks the files in a request against the provider's limits on types and sizes.

Also refuses addresses of files that the provider cannot read. The limits come from the providers'
documentation. Where it is silent, nothing is checked. Sizes are in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbstream.core.file_part import is_text, size
from nbstream.core.message import FilePart, ToolResultPart
from nbstream.errors import UsageError
from nbstream.providers.capabilities import takes_no_images
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nbstream.core.message import Message
    from nbstream.providers.model import Model

MB = 1024 * 1024

_BASE64_FACTOR = 4 / 3
"""How much larger a file gets in base64; all requests are JSON."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The types and sizes of files that a provider accepts.

    ``types``: media types or their first halves (``text`` includes JSON and the like); empty
    if unknown. ``request``: the size limit for all files together. ``each``: the size limit
    for one file, by type. Sizes are measured as sent, in base64.
    """

    types: frozenset[str] = frozenset()
    request: int | None = None
    each: Mapping[str, int] = field(default_factory=dict)


_WEB_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")

# https://platform.claude.com/docs/en/build-with-claude/vision ("General limits": 5 MB an image
# in base64, 32 MB a request) and .../pdf-support. Text goes as a document of plain text.
ANTHROPIC = Limits(
    frozenset({*_WEB_IMAGES, "application/pdf", "text"}),
    32 * MB,
    {"image": 5 * MB},
)

# https://platform.openai.com/docs/guides/images-vision ("up to 50 MB total payload size per
# request") and .../pdf-files ("up to 50 MB per request"). Files of other kinds than images
# and sound may be almost anything.
OPENAI = Limits(
    frozenset({*_WEB_IMAGES, "audio/wav", "audio/mpeg", "application", "text"}), 50 * MB
)

# https://ai.google.dev/gemini-api/docs/file-input-methods (inline: 100 MB a request, 50 MB a
# PDF), .../image-understanding, .../audio, .../video-understanding.
GEMINI = Limits(
    frozenset(
        {
            *("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"),
            *("audio", "video", "application/pdf", "text"),
        }
    ),
    100 * MB,
    {"application/pdf": 50 * MB},
)

# https://console.groq.com/docs/vision: 4 MB for an image in base64.
GROQ = Limits(frozenset({"image", "text"}), None, {"image": 4 * MB})

# https://docs.x.ai/docs/guides/image-understanding: JPEG and PNG, 20 MiB.
XAI = Limits(frozenset({"image/png", "image/jpeg", "text"}), None, {"image": 20 * MB})

# https://docs.mistral.ai/capabilities/vision (10 MB an image), .../document_ai (50 MB a document).
MISTRAL = Limits(each={"image": 10 * MB, "application": 50 * MB})

# llama.cpp is started without a projector, so it takes no images or audio.
LOCAL = Limits(frozenset({"text"}))

_BY_PROVIDER = {"groq": GROQ, "xai": XAI, "mistral": MISTRAL, "local": LOCAL, "openai-chat": OPENAI}
_BY_PROTOCOL = {"anthropic": ANTHROPIC, "openai_responses": OPENAI, "gemini": GEMINI}


def check_files(model: Model, messages: Iterable[Message]) -> None:
    """Check that the provider of ``model`` accepts the files in ``messages``.

    Raises:
        UsageError: a type is not accepted, a file or all files together are too large, an
            address is of a file on this machine, or the model takes no images.
    """
    limits = limits_of(model)
    total = 0
    for message in messages:
        if message.role == "assistant":
            continue  # the model's own files; each protocol decides what it sends back
        for part in _files(message):
            _check(part, model, limits)
            total += _sent_size(part)
    if limits.request is not None and total > limits.request:
        raise UsageError(
            f"The files have {size(total)} in base64;"
            f" {model.provider} takes {_limit(limits.request)} a request.",
            remedy="Send fewer or smaller files, or their addresses.",
        )


def _files(message: Message) -> Iterator[FilePart]:
    """The files of a message, including those in its tool results."""
    for part in message.parts:
        if isinstance(part, FilePart):
            yield part
        elif isinstance(part, ToolResultPart) and isinstance(part.result, (list, tuple)):
            yield from (item for item in part.result if isinstance(item, FilePart))


def limits_of(model: Model) -> Limits:
    """The limits on files for ``model``; empty limits if unknown."""
    name = model.protocol.name
    return _BY_PROVIDER.get(model.provider) or _BY_PROTOCOL.get(name) or Limits()


def _check(part: FilePart, model: Model, limits: Limits) -> None:
    """Raise if the file is of a type or size that the limits exclude."""
    first = part.media_type.partition("/")[0]
    if (part.url or "")[:5].lower() == "file:" and not _is_own_server(model):
        raise UsageError(
            f"{model.provider} cannot read a file of this machine ({part}).",
            remedy="Pass file_part(path), which sends its bytes.",
        )
    if first == "image" and takes_no_images(model):
        raise UsageError(
            f"{model} cannot see pictures ({part}).",
            remedy="Use a model with vision, or describe the picture.",
        )
    kinds = {part.media_type, first, *(("text",) if is_text(part.media_type) else ())}
    if limits.types and not limits.types & kinds:
        known = ", ".join(sorted(limits.types))
        raise UsageError(
            f"{model} does not take {part.media_type} ({part}).",
            remedy=f"Convert it, or use another model. Accepted: {known}.",
        )
    limit = limits.each.get(part.media_type) or limits.each.get(first)
    if limit is not None and _sent_size(part) > limit:
        raise UsageError(
            f"{part}: too large. {model.provider} takes {_limit(limit)} of {first} at most;"
            f" in base64 this file has {size(_sent_size(part))}.",
            remedy="Make it smaller, or send its address.",
        )


def _is_own_server(model: Model) -> bool:
    """Whether the server is the user's own, which may read its own files (vLLM can)."""
    row = PROVIDERS.get(model.provider)
    return row is None or row.keyless or model.endpoint().base_url.rstrip("/") != row.base_url


def _sent_size(part: FilePart) -> int:
    """The number of bytes that the file takes in the request, in Base64."""
    return int(len(part.data) * _BASE64_FACTOR) if part.data is not None else 0


def _limit(count: int) -> str:
    """A number of bytes as text in MB."""
    return f"{count // MB} MB"
