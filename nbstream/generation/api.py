"""``generate()``: checks its arguments and makes the ``Generation`` of images or videos.

More files than one request can ask for are several requests at once. The wire formats are in
``nbstream.protocols``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from nbstream.cassette import active_cassette, described
from nbstream.core.events import Progress
from nbstream.core.redact import hide_address, hide_key
from nbstream.errors import UsageError
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.generation.concurrent import Concurrent
from nbstream.generation.download import Downloading
from nbstream.generation.generation import Generation
from nbstream.generation.keywords import note_own, unknown_keyword
from nbstream.generation.plan import plan
from nbstream.providers.files import check_files
from nbstream.providers.models import find_model
from nbstream.request.job_source import JobSource
from nbstream.request.json_values import as_params
from nbstream.request.messages import messages_from
from nbstream.request.recorded import Recorded
from nbstream.request.source_factory import source_for
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.observer import Request, observed
from nbstream.streams.run import Run
from nbstream.transport.custom_client import check_client
from nbstream.transport.retries import check_retries
from nbstream.transport.timeouts import Timeouts, as_timeouts, check_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.errors.arguments import NoKeywords
    from nbstream.generation.concurrent import Source
    from nbstream.generation.params import Params
    from nbstream.providers import Model
    from nbstream.request.messages import Messages


def generate(
    model: str | Model,
    messages: Messages,
    params: Params | None = None,
    *,
    system: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    on_progress: Callable[[Progress], object] | None = None,
    poll_every: float | None = None,
    timeout: Timeouts | float | None = None,
    retries: int | None = None,
    client: Any = None,
    **unknown: Unpack[NoKeywords],
) -> Generation:
    """Ask a model for images or videos: ``await`` what this returns, or call its ``result()``.

    ``messages`` is the prompt, or prompts and messages, as in ``stream()``; images in them are
    what the model starts from. ``params`` is an ``ImageParams`` or a ``VideoParams``; None (the
    default) asks for one image or one video, whichever the model makes.

    A video is a long job. Its state is polled every ``poll_every`` seconds (None: what the
    provider recommends, mostly 10). Each poll gives a ``Progress`` event; ``on_progress`` is
    called with it on nbstream's own thread. ``timeout.job`` (default 1,800 s) limits the whole
    job. The other parameters are those of ``stream()``. The files of the result hold their
    bytes, at most 512 MB each.

    >>> image = nbstream.messages.FilePart("image/gif", b"...")
    >>> model = ScriptedModel(nbstream.assistant_message(image))
    >>> nbstream.generate(model, "A red bicycle.").result().images[0].media_type
    'image/gif'

    Raises:
        UnknownModelError: no such provider.
        MissingKeyError: the provider needs a key and none was found.
        UsageError: the model does not make this, or does not take these parameters; there is no
            prompt; an unknown keyword; or the client is a blocking one. Nothing was sent.
    """
    # First, because a verbose traceback prints the arguments of every frame.
    api_key, base_url = hide_key(api_key), hide_address(base_url)
    names, unknown = [*unknown], {}
    with TRACEBACK_END:
        for name in names:
            raise unknown_keyword(name)
        check_client(client)
        limits, times = as_timeouts(timeout), check_retries(retries)
        check_seconds(poll_every, "poll_every=")
        if on_progress is not None and not callable(on_progress):
            raise UsageError(
                "on_progress= takes a function. It is called with each Progress event."
            )
        cassette = active_cassette()
        lazily = cassette is not None and cassette.replays
        found = find_model(model, base_url=base_url, api_key=api_key, lazily=lazily)
        planned = plan(found, params)
        maker, conversation = planned.model, messages_from(messages, system)
        if maker.source is None:
            check_files(maker, conversation)
    exchange = Exchange(
        maker.provider, key_remedy=maker.key_remedy, address_place=maker.address_place
    )

    def source(words: dict[str, Any]) -> Source:
        if maker.source is not None:
            return recorded(maker.source(conversation, words), words)
        words = as_params(words)
        if maker.job is not None:
            maker.job.create(
                maker.name, conversation, words
            )  # raises now what it would raise later
        else:
            maker.protocol.request(maker.name, conversation, words)
        made = source_for(
            maker,
            conversation,
            words,
            exchange,
            retries=times,
            timeout=limits,
            client=client,
            interval=poll_every,
        )
        return recorded(made if isinstance(made, JobSource) else Downloading(made), words)

    def recorded(source: Source, words: dict[str, Any]) -> Source:
        if cassette is None:
            return source
        request = described(str(maker), conversation, words)
        return Recorded(source, cassette, request, exchange)

    def request() -> Request:
        names = (maker.provider, maker.name, maker.protocol.name)
        streamed = maker.job is None
        return Request(*names, conversation, exchange, output=planned.kind, is_streamed=streamed)

    with TRACEBACK_END:
        sources = [observed(source(words), request) for words in planned.requests]
    whole = sources[0] if len(sources) == 1 else Concurrent(sources)
    generation = Generation(Run(whole, model=str(maker), exchange=exchange), planned.kind)
    if on_progress is not None:
        generation.on(Progress, on_progress)
    return generation


note_own(generate)
