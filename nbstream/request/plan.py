"""``Plan``: a model with checked tools, parameters and output type, for any number of requests."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from nbstream.cassette import active_cassette, described
from nbstream.core.tool_spec import ToolSpec
from nbstream.protocols.json_merge import merge
from nbstream.protocols.media_protocol import refuse_parameters, refuse_tools
from nbstream.protocols.parameters import Parameters, checked
from nbstream.protocols.structured import check_output
from nbstream.protocols.tag_reader import Tags
from nbstream.protocols.tools import check_tools
from nbstream.providers import default_model
from nbstream.providers.capabilities import check_tool_support, ignores_tools
from nbstream.providers.files import check_files
from nbstream.providers.models import find_model
from nbstream.request.extras import NAMES, as_extras
from nbstream.request.json_values import as_params, copied
from nbstream.request.keywords import check_names, thinking_as_reasoning
from nbstream.request.model_source import ModelSource
from nbstream.request.output_type import check_spec, spec_of
from nbstream.request.recorded import Recorded, without_keys
from nbstream.request.source_factory import source_for
from nbstream.request.tools import as_tools
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.observer import Request, observed
from nbstream.transport.custom_client import check_client
from nbstream.transport.retries import check_retries
from nbstream.transport.timeouts import as_timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbstream.cassette import Cassette
    from nbstream.core.message import Message
    from nbstream.providers import Model
    from nbstream.request.extras import Extras
    from nbstream.request.job_source import JobSource
    from nbstream.request.json_calls import JsonCalls

_PARAMETERS = frozenset(Parameters.__annotations__)


def _checked(check: Callable[[], None], source: Any) -> Any:
    """What a source gives, after a check."""
    check()
    return source()


class Plan:
    """What ``stream()`` was told, checked, except the conversation.

    ``json_calls``: a model that ignores tools writes its calls as JSON. ``cassette`` takes the
    place of the one that applies now.

    Raises:
        NBStreamError: as ``stream()``.
    """

    def __init__(
        self,
        model: str | Model | None,
        output_type: Any,
        keywords: dict[str, Any],
        *,
        json_calls: bool = False,
        cassette: Cassette | None = None,
    ) -> None:
        self.check: Callable[[], None] | None = None
        """Called before each request; what it raises ends the answer before anything is sent."""
        self._given = (model, output_type, dict(keywords), json_calls)
        check_names(keywords)
        thinking_as_reasoning(keywords)
        self._client = keywords.get("client")
        check_client(self._client)
        self._timeout = as_timeouts(keywords.get("timeout"))
        self._retries = check_retries(keywords.get("retries"))
        self._cassette = cassette or active_cassette()
        self.model = found = find_model(
            default_model() if model is None or model == "" else model,
            base_url=keywords["base_url"],
            api_key=keywords["api_key"],
            lazily=self._cassette is not None and self._cassette.replays,
        )
        wanted = keywords.get("thinking_tags")
        self._tags = Tags.of(found.thinking_tags if wanted is None else wanted)
        self._tools = as_tools(keywords.get("tools"), found.protocol.name)
        given = checked({name: one for name, one in keywords.items() if name in _PARAMETERS})
        extra = {name: keywords.get(name) for name in ("extra_body", "extra_query")}
        self._asked = {**given, **{name: one for name, one in extra.items() if one}}
        self.exchange = self._new_exchange()
        self.output_type = None if output_type is str else output_type  # a text is the default
        self._spec = spec_of(self.output_type) if self.output_type is not None else None
        check_output(self._tools, self._spec)
        self._json_calls: JsonCalls | None = None
        if json_calls and self._tools and ignores_tools(found):
            from nbstream.request.json_calls import JsonCalls

            own = [tool for tool in self._tools if isinstance(tool, ToolSpec)]
            self._json_calls = JsonCalls(own, self._spec)
            self._tools, self._spec = (), self._json_calls.spec
        self.enforced = False
        """Whether the provider lets the model write only JSON of the type."""
        if found.source is None:
            self._prepare(given, keywords)
        else:
            self._prepare_own_source(given, keywords)

    def _prepare_own_source(self, given: dict[str, Any], keywords: dict[str, Any]) -> None:
        """The parameters of a model that is no provider's."""
        extra = {name: keywords[name] for name in NAMES if keywords.get(name) is not None}
        others = {"tools": self._tools or None, "output": self._spec}
        others = {name: one for name, one in others.items() if one is not None}
        self._params = copied({**given, **extra}, "a parameter") | others

    def _prepare(self, given: dict[str, Any], keywords: dict[str, Any]) -> None:
        """Check that the provider can do all that is asked, and make the fields of the body."""
        found = self.model
        self._extras = as_extras(*(keywords.get(name) for name in NAMES))
        given = as_params(given)
        self._choice = given.get("tool_choice")
        check_tools(self._tools, self._choice, found.protocol.name, found.provider)
        check_tool_support(found, self._tools)
        self._params = self._fields(given, self._extras)
        if self._spec is not None:
            self.enforced = check_spec(found, self._spec, self._tools, self._params)

    def _new_exchange(self) -> Exchange:
        found = self.model
        return Exchange(
            found.provider, key_remedy=found.key_remedy, address_place=found.address_place
        )

    def for_another_run(self) -> Self:
        """The same plan with an exchange of its own, for a run beside others."""
        found = copy.copy(self)
        found.exchange = self._new_exchange()
        return found

    def with_tools(self, tools: Sequence[Any]) -> Plan:
        """This plan with other tools, for the same exchange.

        Raises:
            NBStreamError: as ``stream()``.
        """
        model, output_type, keywords, json_calls = self._given
        found = Plan(model, output_type, {**keywords, "tools": tools}, json_calls=json_calls)
        found.exchange = self.exchange
        return found

    def source(self, conversation: Sequence[Message]) -> Any:
        """The source of the answer to ``conversation``.

        Raises:
            UsageError: it has a file that the model does not accept.
        """
        return observed(self._source(conversation), lambda: self._request(conversation))

    def _request(self, conversation: Sequence[Message]) -> Request:
        """The request, as an observer is told it."""
        return Request(
            self.model.provider,
            self.model.name,
            self.model.protocol.name,
            conversation,
            self.exchange,
            self._asked,
            self._tools,
            None if self._spec is None else "json",
            is_streamed=self.model.job is None,
        )

    def _source(self, conversation: Sequence[Message]) -> Any:
        """The source without an observer."""
        if self.model.source is not None:
            return self.recorded(self.model.source(conversation, self._params), conversation)
        if self._json_calls is not None:
            conversation = self._json_calls.conversation(conversation)
        recorded = self.recorded(self._unrecorded(conversation), conversation)
        return recorded if self._json_calls is None else self._json_calls.source(recorded)

    def _unrecorded(self, conversation: Sequence[Message]) -> ModelSource | JobSource:
        """The source that asks the provider."""
        check_files(self.model, conversation)
        return source_for(
            self.model,
            conversation,
            self._params,
            self.exchange,
            retries=self._retries,
            timeout=self._timeout,
            client=self._client,
            tools=self._tools,
            tool_choice=self._choice,
            output=self._spec,
            extras=self._extras,
            thinking_tags=self._tags,
        )

    def unsent(self, conversation: Sequence[Message]) -> ModelSource:
        """The request for ``conversation``, for a batch; it is not to be called.

        Raises:
            UsageError: it has a file that the model does not accept.
        """
        source = self._unrecorded(conversation)
        assert isinstance(source, ModelSource)
        return source

    def described(self, conversation: Sequence[Message]) -> dict[str, Any]:
        """The request as a cassette has it: what was asked, not what is sent.

        That depends on the provider's address.
        """
        asked = described(
            str(self.model), conversation, self._asked, tools=self._tools, output=self._spec
        )
        return without_keys(asked, self.exchange)

    def recorded(
        self, source: Any, conversation: Sequence[Message], *, is_new: bool = False
    ) -> Any:
        """``source`` behind the cassette that applied when this plan was made, if one did.

        ``self.check`` is called before the source is, and so not for what the cassette has.
        """
        if self.check is not None:
            source = partial(_checked, self.check, source)
        if self._cassette is None:
            return source
        request = self.described(conversation)
        return Recorded(source, self._cassette, request, self.exchange, is_new=is_new)

    def _fields(self, given: dict[str, Any], extras: Extras) -> dict[str, Any]:
        """The parameters as fields of the request's body, with ``extra_body=`` merged in."""
        if self.model.job is not None:
            refuse_parameters(given, str(self.model))
            refuse_tools(self._tools, str(self.model))
            return merge({}, extras.body)
        fields = self.model.protocol.parameter_fields(
            self.model.name, given, tools=bool(self._tools)
        )
        return merge(fields, extras.body)
