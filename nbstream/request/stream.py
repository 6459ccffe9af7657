"""``stream()``: ask a model, get a stream.

Checks what was asked for and hands it on. Knows no wire format; how events are
had from a model stands in ``asking``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from nbstream.core.redact import hide_address, hide_key
from nbstream.protocols.structured import check_output
from nbstream.protocols.tools import check_tools
from nbstream.providers import default_model, get_model
from nbstream.providers.capabilities import check_calls
from nbstream.providers.files import check_files
from nbstream.request.messages import Messages, conversation_of
from nbstream.request.output_type import check_spec, spec_of
from nbstream.request.parameters import as_params, copied, plain
from nbstream.request.source_factory import source_for
from nbstream.request.tools import as_tools
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream
from nbstream.transport.custom_client import check_client
from nbstream.transport.retries import as_retries
from nbstream.transport.timeouts import Timeouts, as_timeouts

if TYPE_CHECKING:
    from nbstream.core.tool_spec import ToolChoice
    from nbstream.providers import Model

T = TypeVar("T")


@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: None = None,
    system: str | None = None,
    tools: Iterable[Any] | None = None,
    tool_choice: ToolChoice = None,
    base_url: str | None = None,
    api_key: str | None = None,
    timeout: Timeouts | float | None = None,
    retries: int | None = None,
    client: Any = None,
    **params: Any,
) -> Stream[str]: ...
@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: type[T],
    **settings: Any,
) -> Stream[T]: ...
@overload
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    output_type: Any,
    **settings: Any,
) -> Stream[Any]: ...
def stream(
    model: str | Model | None = None,
    messages: Messages = (),
    *,
    system: str | None = None,
    tools: Iterable[Any] | None = None,
    tool_choice: ToolChoice = None,
    base_url: str | None = None,
    api_key: str | None = None,
    timeout: Timeouts | float | None = None,
    retries: int | None = None,
    client: Any = None,
    output_type: Any = None,
    **params: Any,
) -> Stream[Any]:
    """Ask a model; the answer streams when somebody reads, waits for or draws it.

    ``model`` is ``provider/model`` or a model; None is the default one.
    ``messages`` is the prompt, or a conversation of prompts and messages; a
    message may also be ``{"role": ..., "content": text}``. ``params`` go to the
    provider under its own names, as ``temperature=0``.

    ``tools`` are functions (their type hints and docstring say what they take),
    pydantic models, dicts of ``name``, ``description`` and ``parameters`` (a JSON
    schema), and the provider's own (``nbstream.providers.<name>.tools``). Calls
    of yours are reported, not executed: ``tool_message(call, result)`` goes on.
    ``tool_choice`` is ``auto``, ``none``, ``required`` or a tool's name.

    ``output_type`` is what the answer is to be a value of: a pydantic model,
    dataclass, TypedDict, ``list[T]``, union, enum or plain type (``str`` is the text,
    as without it). The model is told its schema in whichever way it can be;
    ``stream_output()`` gives the value while it grows, ``get_output()`` the whole
    one, validated. The message holds the text that the model wrote.

    ``timeout`` in seconds is the longest silence; ``Timeouts`` says each wait by
    itself, and has the defaults. A request that
    failed before the answer began is sent again at most ``retries`` (default
    2) times where that is safe; each time is a ``Retry`` event. ``client`` is
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
        UsageError: something given is none of what is said here, the key cannot
            stand in a header, the client is a blocking one, the model cannot have
            a tool or a file that is given, or the output type cannot be a schema
            or not one that the provider takes. Nothing was sent.
    """
    # First of all: a verbose traceback prints the arguments of every frame.
    api_key, base_url = hide_key(api_key), hide_address(base_url)
    check_client(client)
    limits, retries = as_timeouts(timeout), as_retries(retries)
    name = default_model() if model is None or model == "" else model
    found = get_model(name, base_url=base_url, api_key=api_key)
    conversation = conversation_of(messages, system)
    asked = as_tools(tools, found.protocol.name)
    exchange = Exchange(found.provider)
    if output_type is str:
        output_type = None  # a text is what models write anyway
    spec = spec_of(output_type) if output_type is not None else None
    check_output(asked, spec)
    source: Any
    if found.source is not None:
        beside = {"tools": asked or None, "tool_choice": tool_choice, "output": spec}
        given = {name: one for name, one in beside.items() if one is not None}
        source = found.source(conversation, copied(params) | given)
    else:
        params = as_params(params)
        if isinstance(tool_choice, Mapping):
            tool_choice = plain(tool_choice, "tool_choice=")
        check_tools(asked, tool_choice, found.protocol.name, found.provider)
        check_calls(found, asked)
        check_files(found, conversation)
        if spec is not None:
            check_spec(found, spec, asked, params)
        source = source_for(
            found,
            conversation,
            params,
            exchange,
            retries=retries,
            timeout=limits,
            client=client,
            tools=asked,
            tool_choice=tool_choice,
            output=spec,
        )
    run = Run(source, model=str(found), exchange=exchange, output_type=output_type)
    return Stream(run)
