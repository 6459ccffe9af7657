"""``Requests``: what the calls of one run wait for a person to answer, and the answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nbstream.core.events import InputRequest
from nbstream.core.events.requests import Answer, Approval
from nbstream.core.headless import has_prompt, is_headless
from nbstream.streams.loop import private_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.events import ApprovalRequest

    Request = ApprovalRequest | InputRequest

Kind = TypeVar("Kind", Approval, Answer)

NO_APPROVAL = (
    "This call needs the user's approval, and there is no way to ask the user here. "
    "It was not executed."
)
NO_ANSWER = "There is no way to ask the user here."
"""What the model gets if the user cannot be asked, as in a headless run."""
BELONGS = " > "
"""What stands between the name of a call and that of a request of the agent it runs."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A request without an answer; ``validate`` raises if a value cannot be the answer.

    ``call`` is the call's name in its run, which no other call of the reply has.
    """

    event: Request
    future: asyncio.Future[Any]
    validate: Callable[[Any], Any]
    schema: dict[str, Any]
    call: str


class Requests:
    """The requests of one run. Its methods may be called from any thread, if they do not await.

    A model may give several calls one id. So each request has a name that no other request of
    the run has, and an answer to one is never taken for another.

    ``waits`` says that code answers the events, so that a request waits for it in any case.
    """

    def __init__(self, *, waits: bool) -> None:
        self.waits = waits
        self.headless = is_headless()
        self.directly = has_prompt()
        """Whether a person is asked with ``input()``."""
        self.prompt_lock = asyncio.Lock()  # one question at a time
        self._is_alone = False
        self._early: dict[tuple[type, str], Any] = {}
        """The answers that came before their requests, by their kind and the id."""
        self._ids: set[str] = set()
        """The ids of the requests so far."""
        self._names: set[str] = set()
        self.changed_args: dict[tuple[int, str], str] = {}
        """The arguments in the place of the model's, as JSON, by message and call."""
        self._open: dict[str, _Open] = {}
        self._inner: dict[str, tuple[str, Requests]] = {}
        """The requests of the agents that calls run, with the call's id, by its name."""

    @property
    def answered_later(self) -> bool:
        """Whether a question waits for the page or for code."""
        return self.waits or not (self.headless or self.directly)

    def ask_directly(self) -> None:
        """Ask with ``input()``: the code that runs the agent cannot answer its events."""
        self.directly = True

    def nobody_answers(self) -> None:
        """``ask_directly``, also with ``"wait"``: the caller has neither stream nor handler."""
        self.ask_directly()
        self.waits, self._is_alone = False, True

    def join(self, outer: Requests, call: str, call_id: str) -> None:
        """Belong to the run ``outer``, whose call with this name runs this agent."""
        self.headless, self.directly = outer.headless, outer.directly
        self.waits = (self.waits or outer.waits) and not outer._is_alone
        self._is_alone, self.prompt_lock = outer._is_alone, outer.prompt_lock
        outer._inner[call] = call_id, self

    @property
    def events(self) -> list[Request]:
        """The requests that have no answer, in order; those of inner agents come last."""
        return [event for _, _, event, _ in self.named()]

    @property
    def own_events(self) -> list[Request]:
        """``events`` without those of inner agents."""
        return [one.event for one in [*self._open.values()]]

    def named(self) -> list[tuple[str, str, Request, dict[str, Any]]]:
        """The open requests: a name, the id of this run's call, the event and the schema.

        An inner agent's request has the name of the call that runs the agent before its own.
        """
        own = [*self._open.items()]
        found = [(name, one.event.tool_call_id, one.event, one.schema) for name, one in own]
        for call, (call_id, inner) in [*self._inner.items()]:
            found += [
                (f"{call}{BELONGS}{name}", call_id, event, schema)
                for name, _, event, schema in inner.named()
            ]
        return found

    @property
    def call_ids(self) -> list[str]:
        """The ids of the calls that wait for an answer."""
        return [*dict.fromkeys(event.tool_call_id for event in self.own_events)]

    @property
    def calls(self) -> set[str]:
        """The names of the calls that wait for an answer."""
        return {one.call for one in [*self._open.values()]}

    def validate(self, name: str, value: Any) -> None:
        """Check a value for an open request; nothing if there is none.

        Raises:
            Exception: the validator's, if the value cannot be the answer.
        """
        requests, request_id = self._owner(name)
        if found := requests._open.get(request_id):
            found.validate(value)

    def answer(self, name: str, answer: Approval | Answer) -> None:
        """Answer the request with this name; nothing if it has its answer."""
        requests, own = self._owner(name)
        private_loop().call_soon_threadsafe(requests._take, own, answer)

    def answer_id(self, request_id: str, answer: Approval | Answer) -> None:
        """Answer the first open request with this id, or one that will come."""
        private_loop().call_soon_threadsafe(self._take_id, request_id, answer)

    def _owner(self, name: str) -> tuple[Requests, str]:
        """The run of the request with this name, and its name there."""
        call, found, rest = name.partition(BELONGS)
        if found and call in self._inner:
            return self._inner[call][1]._owner(rest)
        return self, name

    def _take(self, name: str, answer: Approval | Answer) -> None:
        found = self._open.get(name)
        if found is None or isinstance(found.event, InputRequest) != isinstance(answer, Answer):
            return
        del self._open[name]
        if not found.future.done():
            found.future.set_result(answer)

    def _take_id(self, request_id: str, answer: Approval | Answer) -> None:
        owner, own = self._owner(request_id)
        if own in owner._open:
            owner._take(own, answer)
            return
        for name, one in self._open.items():
            if one.event.request_id == request_id:
                self._take(name, answer)
                return
        if request_id not in self._ids:
            self._early.setdefault((type(answer), request_id), answer)

    # On the private loop.

    def name(self, request_id: str) -> str:
        """The name of a new request: its id, unless another request has had that."""
        self._ids.add(request_id)
        plain = name = request_id.replace(BELONGS, " ")
        count = 1
        while name in self._names:
            count += 1
            name = f"{plain} ({count})"
        self._names.add(name)
        return name

    def early(self, kind: type[Kind], *ids: str) -> Kind | None:
        """The answer that was given before its request came; None if there is none."""
        for one in ids:
            if (found := self._early.pop((kind, one), None)) is not None:
                return cast("Kind", found)
        return None

    async def wait(
        self,
        name: str,
        call: str,
        event: Request,
        validate: Callable[[Any], Any],
        schema: dict[str, Any],
    ) -> Any:
        """The answer to ``event``, once it has come; ``schema`` is that of its values."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open[name] = _Open(event, future, validate, schema, call)
        try:
            return await future
        finally:
            self._open.pop(name, None)

    def close(self, call: str, call_id: str) -> None:
        """Cancel what a call still asks, and forget what it was answered: it has ended."""
        self._inner.pop(call, None)
        for key in [*self._early]:
            if key[1] == call_id:
                del self._early[key]
        for name, one in [*self._open.items()]:
            if one.call == call:
                self._open.pop(name)
                one.future.cancel()
