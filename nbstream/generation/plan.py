"""Plans the requests of ``generate()``: the model, the number of requests and their parameters.

It refuses parameters that the model does not take. It does no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from nbstream.errors import UsageError
from nbstream.generation import image_params, video_params
from nbstream.generation.params import ImageParams, VideoParams
from nbstream.providers.media import media_model, media_of
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.generation.params import Params
    from nbstream.providers import Model
    from nbstream.providers.media import Kind

P = TypeVar("P", ImageParams, VideoParams)


@dataclass(frozen=True, slots=True)
class Plan:
    """The model, the kind of media that it makes, and the parameters of each request to it."""

    model: Model
    kind: Kind
    requests: tuple[dict[str, Any], ...]


def plan(model: Model, params: Params | None) -> Plan:
    """The requests for ``params``; None asks for one image or video, whichever ``model`` makes.

    Raises:
        UsageError: it does not make this, or does not take these parameters.
    """
    if params is None:
        media = media_of(model.provider, model.name)
        video = model.job is not None or (media is not None and media.kind == "video")
        params = VideoParams() if video else ImageParams()
    if isinstance(params, ImageParams):
        return _images(media_model(model, "image"), params)
    if isinstance(params, VideoParams):
        return _videos(media_model(model, "video"), params)
    raise UsageError(
        f"generate() takes ImageParams or VideoParams, not {type(params).__name__}.",
        remedy="For text, call nbstream.stream(model, messages, temperature=0).",
    )


def _images(model: Model, params: ImageParams) -> Plan:
    write = image_params.IMAGE_WRITERS.get(model.protocol.name)
    return _plan_requests(
        model, "image", params, write, image_params.MAX_PER_REQUEST.get(_limit_of(model))
    )


def _limit_of(model: Model) -> str:
    """The key in ``MAX_PER_REQUEST`` of the model's limit: its protocol, but for DALL-E 3."""
    # https://platform.openai.com/docs/api-reference/images/create: "only n=1 is supported".
    return "openai_chat" if model.name.startswith("dall-e-3") else model.protocol.name


def _videos(model: Model, params: VideoParams) -> Plan:
    name = model.job.name if model.job else model.protocol.name
    write = video_params.VIDEO_WRITERS.get(name)
    return _plan_requests(model, "video", params, write, video_params.MAX_PER_REQUEST.get(name))


def _plan_requests(
    model: Model,
    kind: Kind,
    params: P,
    write: Callable[[str, P, int], dict[str, Any]] | None,
    most: int | None,
) -> Plan:
    """The requests that ``write`` makes of ``params``, each for ``most`` files (None: no limit)."""
    if model.source is not None or write is None:
        return Plan(model, kind, ({"params": params},))
    options = _options(model, params)
    shares = _shares(params.n, params.n if most is None else most)
    return Plan(model, kind, tuple({**write(model.name, params, n), **options} for n in shares))


def _options(model: Model, params: Params) -> dict[str, Any]:
    """``provider_options`` for this provider. The gateway has a field for them."""
    given = params.provider_options
    if model.provider == "gateway":
        return {"providerOptions": dict(given)} if given else {}
    if isinstance(named := given.get(model.provider), dict):
        return dict(named)
    return {name: value for name, value in given.items() if name not in PROVIDERS}


def _shares(n: int, most: int) -> list[int]:
    """``n`` divided into requests of at most ``most``."""
    return [min(most, n - done) for done in range(0, n, most)]
