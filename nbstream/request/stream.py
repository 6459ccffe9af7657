"""``stream()``: makes a stream of a model's answer; the request is sent once the stream starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.request.extras import hide
from nbstream.request.keywords import KNOWN, with_signature
from nbstream.request.messages import Messages, messages_from
from nbstream.request.plan import Plan
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from nbstream.providers import Model
    from nbstream.request.keywords import Keywords

T = TypeVar("T")


@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: None = None,
    **keywords: Unpack[Keywords],
) -> Stream[str]: ...
@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: type[T],
    **keywords: Unpack[Keywords],
) -> Stream[T]: ...
@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: Any,
    **keywords: Unpack[Keywords],
) -> Stream[Any]: ...
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: Any = None,
    **keywords: Any,
) -> Stream[Any]:
    """Ask a model. The answer streams as soon as it is read, awaited or drawn.

    >>> from nbstream.testing import ScriptedModel
    >>> model = ScriptedModel("Rayleigh scattering.")
    >>> stream(model, "Why is the sky blue?", max_tokens=50).get_final_text()
    'Rayleigh scattering.'

    ``model`` is ``provider/model`` or a model; None is the default one.
    ``messages`` is the prompt, or a list of prompts and messages. A message may also be
    a dict as Anthropic or OpenAI writes it, ``{"role": ..., "content": ...}``, whose
    content is a text or a list of blocks. ``system`` is the instructions: a text or such
    a list.

    The parameters are the same for every provider: ``temperature``, ``top_p``,
    ``top_k``, ``max_tokens``, ``stop``, ``seed``, ``presence_penalty``,
    ``frequency_penalty``, ``verbosity``, ``service_tier``, ``user``, ``metadata``.
    What the provider cannot do is refused before anything is sent. ``reasoning`` is an
    effort (``"low"``), a number of tokens or Anthropic's ``thinking`` dict; 0 turns it
    off. ``cache=True`` asks for prompt caching where a provider must be asked; a text is
    the cache's key or name. ``docs/parameters.md`` has what each becomes.

    ``extra_body`` is merged into the request's JSON body, last and object by object;
    ``extra_headers`` and ``extra_query`` are added to the request. They go to the
    provider as they are.

    ``tools`` are functions (their type hints and docstring describe them), pydantic
    models, dicts of ``name``, ``description`` and ``parameters`` (a JSON schema), and
    the provider's own (``nbstream.providers.<name>.tools``). Calls of your tools are
    reported, not executed: ``tool_message(call, result)`` continues. ``tool_choice`` is
    ``auto``, ``none``, ``required`` or a tool's name.

    ``output_type`` is the type of the answer: a pydantic model, dataclass, TypedDict,
    ``list[T]``, union, enum or plain type (``str`` is the text, as without it). The
    model is given the schema in the best way it has; ``stream_output()`` gives the
    value while it grows, ``stream_items()`` each item of a list once it is whole,
    ``get_output()`` the validated value. ``docs/output.md`` has more.

    ``thinking_tags`` says whether thinking that comes as text, such as
    ``<think>…</think>``, becomes thinking; by default for servers that may send it so,
    and for every ``base_url``. A pair of tags replaces the usual ones.

    ``api_key`` replaces the key in the environment. ``base_url`` replaces the provider's
    address. For Chat Completions and OpenAI it ends before ``/chat/completions`` or
    ``/responses``, mostly in ``/v1``; for Anthropic and Google ``/v1`` is added.

    ``timeout`` in seconds is the longest silence: no real event, only keep-alives or
    nothing. ``Timeouts`` sets each limit, also one for the whole answer, and has the
    defaults. A request that failed before the answer began is sent again at most
    ``retries`` (default 2) times where that is safe and the limit for the whole allows
    it; each time is a ``Retry`` event. ``client`` is
    an ``httpx.AsyncClient`` (or httpx2's) to send it with; it then belongs to
    nbstream's event loop.

    >>> with nbstream.stream(ScriptedModel("Hello, world."), "Greet me.") as stream:
    ...     pieces = list(stream.text_stream)
    >>> "".join(pieces)
    'Hello, world.'

    Raises:
        UnknownModelError: no such provider or model.
        MissingKeyError: the provider needs a key and none was found.
        LocalModelError: the local model is not installed.
        UsageError: an unknown keyword; a value that is not allowed; a parameter, tool,
            file or output type that the model cannot have; or a blocking client.
            Nothing was sent.
    """
    # First of all: a verbose traceback prints the variables of every frame.
    keywords = hide(keywords, KNOWN)
    with TRACEBACK_END:
        return _stream(model, messages, output_type, keywords)


with_signature(stream)


def _stream(
    model: str | Model | None, messages: Messages, output_type: Any, keywords: dict[str, Any]
) -> Stream[Any]:
    plan = Plan(model, output_type, keywords)
    conversation = messages_from(messages, keywords.get("system"))
    run = Run(
        plan.source(conversation),
        model=str(plan.model),
        exchange=plan.exchange,
        output_type=plan.output_type,
        strict_output=plan.enforced,
        history=conversation,
    )
    return Stream(run)
