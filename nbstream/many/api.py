"""``nbstream.map()``: checks the call, and makes a ``PromptMap`` whose streams it knows to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from nbstream.cassette import Cassette
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.many.limits import Limits
from nbstream.many.prompt_map import PromptMap
from nbstream.many.prompts import Prompts
from nbstream.many.work import Work
from nbstream.request.extras import hide
from nbstream.request.keywords import KNOWN, check_names, with_signature
from nbstream.request.plan import Plan
from nbstream.streams import spending_hook
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream
from nbstream.transport.retries import check_retries

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from nbstream.core.message import Message
    from nbstream.many.totals import Totals
    from nbstream.providers import Model
    from nbstream.request.keywords import Keywords

T = TypeVar("T")

_CONCURRENCY = 8
_RETRIES = 4  # more than those of one stream: nobody sits before a map
_INTERVAL = 60.0  # seconds
_OWN = (
    "prompt",
    "output_type",
    "concurrency",
    "cassette",
    "limits",
    "budget",
    "on_error",
    "executor",
    "batch",
    "interval",
    "progress",
)


@overload
def map_prompts(
    prompts: Any,
    model: str | Model | None = None,
    *,
    prompt: str | None = None,
    output_type: None = None,
    concurrency: int = ...,
    cassette: str | PathLike[str] | None = None,
    limits: Any = None,
    budget: float | None = None,
    on_error: str = "keep",
    executor: Any = None,
    batch: bool = False,
    interval: float = ...,
    progress: bool = True,
    **keywords: Unpack[Keywords],
) -> PromptMap[str]: ...
@overload
def map_prompts(
    prompts: Any,
    model: str | Model | None = None,
    *,
    prompt: str | None = None,
    output_type: type[T],
    concurrency: int = ...,
    cassette: str | PathLike[str] | None = None,
    limits: Any = None,
    budget: float | None = None,
    on_error: str = "keep",
    executor: Any = None,
    batch: bool = False,
    interval: float = ...,
    progress: bool = True,
    **keywords: Unpack[Keywords],
) -> PromptMap[T]: ...
@overload
def map_prompts(
    prompts: Any,
    model: str | Model | None = None,
    *,
    prompt: str | None = None,
    output_type: Any,
    concurrency: int = ...,
    cassette: str | PathLike[str] | None = None,
    limits: Any = None,
    budget: float | None = None,
    on_error: str = "keep",
    executor: Any = None,
    batch: bool = False,
    interval: float = ...,
    progress: bool = True,
    **keywords: Unpack[Keywords],
) -> PromptMap[Any]: ...
def map_prompts(
    prompts: Any,
    model: str | Model | None = None,
    *,
    prompt: str | None = None,
    output_type: Any = None,
    concurrency: int = _CONCURRENCY,
    cassette: str | PathLike[str] | None = None,
    limits: Any = None,
    budget: float | None = None,
    on_error: str = "keep",
    executor: Any = None,
    batch: bool = False,
    interval: float = _INTERVAL,
    progress: bool = True,
    **keywords: Any,
) -> PromptMap[Any]:
    """Ask a model many prompts, several at a time. Nothing is sent until the result is used.

    >>> job = nbstream.map(["one", "two"], ScriptedModel("1", "2"), concurrency=1)
    >>> job.to_df()["answer"].tolist()
    ['1', '2']

    A request that failed is sent again; while a provider refuses requests (429), none is sent to
    it. With the same ``cassette`` a map that was stopped, interrupted or killed goes on where it
    was.

    Args:
        prompts: A list (or other iterable) of prompts, each as in ``stream()``; a Series; or a
            DataFrame of pandas, Polars or another library that narwhals reads.
        model: ``provider/model`` or a model. None: the default one.
        prompt: The name of the column with the prompts, or a prompt that is filled for each row by
            the rules of ``%%llm``: ``"Classify: {{ text }}"``. ``{{ row }}`` is the whole row, and
            ``{{ item }}`` the item of a list. None (default): the column ``prompt``, or the only
            one.
        output_type: The type of each answer, as in ``stream()``.
        concurrency: How many answers stream at a time. Default: 8.
        cassette: The file in which the answers are recorded, and from which those that it has are
            taken. None (default): the one of ``recording()``, or none.
        limits: ``nbstream.UsageLimits`` of all requests together; reaching one ends the map.
        budget: Dollars that all answers may cost; reaching them ends the map.
        on_error: ``keep`` (default): an error of a prompt is its result. ``raise``: the first error
            ends the map.
        executor: A client of Dask's ``distributed``, whose workers send the requests; they need the
            keys in their environment, unless ``api_key`` is given.
        batch: Whether to send the prompts as a batch of Anthropic or OpenAI, which is answered
            within 24 hours at half the price. Needs ``cassette``, which keeps the batch's id.
        interval: Seconds between two looks at a batch: at first 5, then more, up to this.
            Default: 60.
        progress: Whether to draw the progress in the cell or the terminal. Default: True.
        keywords: As in ``stream()``. ``retries`` (default 4) counts for each prompt.

    Raises:
        UsageError: a value that is not allowed; a template with a mistake. Nothing was sent.
        NBStreamError: as ``stream()``.
    """
    # First of all: a verbose traceback prints the variables of every frame.
    keywords = hide(keywords, KNOWN)
    with TRACEBACK_END:
        check_names(keywords, "map", _OWN)
        given: Any = concurrency
        if given is True or not isinstance(given, int) or given < 1:
            raise UsageError(f"concurrency= takes a number of 1 or more, not {shown(concurrency)}.")
        if on_error not in ("keep", "raise"):
            raise UsageError(
                f"on_error= cannot be {shown(on_error)}.", remedy='Write "keep" or "raise".'
            )
        retries = keywords.get("retries")
        retries = _RETRIES if retries is None else check_retries(retries)
        bounds = Limits(limits, budget)
        rows = Prompts(prompts, prompt, keywords.get("system"))
        tape = None if cassette is None else Cassette(cassette, "new_episodes", repeats=False)
        # The map sends again what failed, since it knows the rate limit of all its requests.
        keywords["retries"] = 0
        plan = Plan(model, output_type, keywords, cassette=tape)
        name = str(plan.model)
        if batch:
            make_work = _batch_work(
                rows,
                plan,
                tape,
                interval=interval,
                retries=retries,
                limits=bounds,
                executor=executor,
                on_error=on_error,
            )
            return PromptMap(
                rows, model=name, output_type=plan.output_type, progress=progress, work=make_work
            )
        plan.check = spending_hook.check
        source_of = _sources(plan, model, keywords, executor)

        def make_stream(index: int) -> Stream[Any]:
            conversation = rows.messages(index)
            own = plan.for_another_run()
            run = Run(
                source_of(own, conversation),
                model=name,
                exchange=own.exchange,
                output_type=own.output_type,
                strict_output=own.enforced,
                history=conversation,
            )
            return Stream(run)

        def work(totals: Totals, changed: Callable[[], None]) -> Work:
            return Work(
                rows,
                make_stream,
                provider=plan.model.provider,
                concurrency=concurrency,
                retries=retries,
                limits=bounds,
                stops_at_error=on_error == "raise",
                totals=totals,
                changed=changed,
            )

        return PromptMap(
            rows, model=name, output_type=plan.output_type, progress=progress, work=work
        )


with_signature(map_prompts)


def _batch_work(
    rows: Prompts,
    plan: Plan,
    tape: Cassette | None,
    *,
    interval: Any,
    retries: int,
    limits: Limits,
    executor: Any,
    on_error: str,
) -> Callable[[Totals, Callable[[], None]], Work]:
    """The function that makes the work of a map with ``batch=True``.

    Raises:
        UsageError: the provider has no batches; another argument does not go with them.
    """
    from nbstream.many.batch_rows import BatchRows
    from nbstream.many.batch_work import BatchWork
    from nbstream.request.batches import BatchClient, batch_protocol

    batch_protocol(plan.model)
    if tape is None:
        raise UsageError(
            "batch=True needs a file that keeps the batch's id while the provider works.",
            remedy='Write cassette="answers.nbstream".',
        )
    others = {"executor": executor, "limits": limits.usage, "budget": limits.budget}
    if wrong := [f"{name}=" for name, one in others.items() if one is not None]:
        raise UsageError(f"batch=True does not go with {' or '.join(wrong)}.")
    number = isinstance(interval, (int, float)) and not isinstance(interval, bool)
    if not (number and interval > 0):
        raise UsageError(f"interval= takes seconds, above 0, not {shown(interval)}.")

    def work(totals: Totals, changed: Callable[[], None]) -> Work:
        return BatchWork(
            rows,
            BatchRows(rows, plan, tape),
            BatchClient(plan.unsent(()), retries),
            interval=interval,
            provider=plan.model.provider,
            stops_at_error=on_error == "raise",
            totals=totals,
            changed=changed,
        )

    return work


def _sources(
    plan: Plan, model: Any, keywords: dict[str, Any], executor: Any
) -> Callable[[Plan, list[Message]], Any]:
    """The function that makes the source of an answer: one that asks here, or on a cluster."""
    if executor is None:
        return lambda own, conversation: own.source(conversation)
    from nbstream.many.cluster import ClusterSource, check_sendable, cluster_of, request_of

    cluster = cluster_of(executor, keywords)
    asked = model or str(plan.model)
    check_sendable(asked)

    def on_cluster(own: Plan, conversation: list[Message]) -> Any:
        request = request_of(asked, conversation, own.output_type, keywords)
        return own.recorded(ClusterSource(executor, cluster, request), conversation)

    return on_cluster
