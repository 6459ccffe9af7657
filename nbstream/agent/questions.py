"""``Questions``: what a tool asks the user with ``ctx.ask``, and the values it is answered."""

from __future__ import annotations

import asyncio
import itertools
import threading
from contextlib import asynccontextmanager, suppress
from inspect import CORO_CREATED, getcoroutinestate
from typing import TYPE_CHECKING, Any

from nbstream.agent.answer_type import AnswerType, check_answer
from nbstream.agent.prompt import ask_for_value
from nbstream.agent.requests import NO_ANSWER
from nbstream.core.events import InputRequest, RequestAnswered
from nbstream.core.events.requests import Answer, set_answer
from nbstream.core.message import as_json
from nbstream.errors import DeclinedError, UsageError
from nbstream.streams.loop import private_loop, submit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from nbstream.agent.caller import Caller
    from nbstream.agent.requests import Requests
    from nbstream.agent.state import AgentState
    from nbstream.core.events import Event
    from nbstream.core.parts import ToolCallPart

DECLINED = "The user declined to answer."
_NOT_ASKED = Answer(given=False, reason=NO_ANSWER, was_asked=False)


class Questions:
    """The questions of one call of a tool, numbered from 1.

    A run that was saved while it waited calls the tool again, and a question that had its
    answer gets the same one at once.
    """

    def __init__(
        self,
        call: ToolCallPart,
        requests: Requests,
        state: AgentState,
        caller: Caller,
        send: Callable[[Event], None],
        *,
        name: str,
    ) -> None:
        self._call = call
        self.name = name
        """The call's name in its run, which no other call of the reply has."""
        self._requests = requests
        self._state = state
        self._caller = caller
        self._send = send
        self._numbers = itertools.count(1)
        self._begun: list[Coroutine[Any, Any, Any]] = []
        self.limit: asyncio.Timeout | None = None
        """The time limit of the call, which a question stops."""

    @property
    def requests(self) -> Requests:
        """The requests of the run."""
        return self._requests

    @property
    def wait(self) -> bool:
        """Whether they wait for an answer from the page or from code."""
        return self._requests.answered_later

    def ask(self, kind: Any, question: str) -> Coroutine[Any, Any, Any]:
        """What asks when it is awaited, on any event loop; see ``RunContext.ask``."""
        self._begun.append(self._ask(kind, question))
        return self._begun[-1]

    def check_awaited(self) -> None:
        """Refuse that a tool that has ended left a question of ``ask`` without ``await``.

        Raises:
            UsageError: it did.
        """
        left = [one for one in self._begun if getcoroutinestate(one) == CORO_CREATED]
        for one in left:
            one.close()  # without Python's warning
        if left:
            raise UsageError(
                "The tool called ctx.ask() without await, so the question was never shown.",
                remedy="Write await ctx.ask(...); in a tool that is not async, ctx.ask_sync(...).",
            )

    async def _ask(self, kind: Any, question: str) -> Any:
        asked = self._question(kind, question)
        return await asyncio.wrap_future(submit(asked.answered(self._ask_elsewhere)))

    def ask_sync(self, kind: Any, question: str) -> Any:
        """Ask, and block this thread, which asks itself if a person is asked with ``input()``."""
        asked = self._question(kind, question)
        here: asyncio.Future[Any] | None = None

        async def hand_over(_: Callable[[], Answer]) -> Answer:
            nonlocal here
            here = asyncio.get_running_loop().create_future()
            waiting.set()
            found: Answer = await here
            return found

        waiting = threading.Event()
        answer = submit(asked.answered(hand_over))
        answer.add_done_callback(lambda _: waiting.set())
        try:
            waiting.wait()
            if here is not None and not answer.done():
                found = asked.prompted()
                private_loop().call_soon_threadsafe(_resolve, here, found)
            return answer.result()
        except BaseException:  # an interrupt
            answer.cancel()
            raise

    def _question(self, kind: Any, question: str) -> Question:
        """The next question, not asked yet."""
        wanted = kind if isinstance(kind, AnswerType) else AnswerType.of(kind)
        number = next(self._numbers)
        request_id = f"{self._call.tool_call_id}/{number}"
        event = InputRequest(self._call, request_id, question, wanted.schema)
        return Question(event, wanted, self, f"{self.name}/{number}")

    async def _ask_elsewhere(self, ask: Callable[[], Answer]) -> Answer:
        """Ask with ``input()`` on the thread that waits for the run."""
        found: Answer = await self._caller.ask(ask)
        return found

    @asynccontextmanager
    async def _no_limit(self) -> AsyncIterator[None]:
        """Stop the call's time limit meanwhile: a person may take any time."""
        limit, loop = self.limit, asyncio.get_running_loop()
        end = limit.when() if limit is not None else None
        if limit is None or end is None:
            yield
            return
        left = end - loop.time()
        limit.reschedule(None)
        try:
            yield
        finally:
            with suppress(RuntimeError):  # the call has ended meanwhile
                limit.reschedule(loop.time() + left)


def _resolve(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)


class Question:
    """One question. Its coroutines run on nbstream's event loop."""

    def __init__(
        self, event: InputRequest, wanted: AnswerType, questions: Questions, kept_as: str
    ) -> None:
        self._event = event
        self._kept_as = kept_as
        self._name = ""
        self._wanted = wanted
        self._of = questions

    def prompted(self) -> Answer:
        """The answer of the person at the prompt, who is asked field by field."""
        try:
            return ask_for_value(self._event.question, self._wanted)
        except (EOFError, OSError, NotImplementedError):  # this front end takes no input
            return _NOT_ASKED

    async def answered(self, ask: Callable[[Callable[[], Answer]], Any]) -> Any:
        """The value that the user gives. ``ask`` calls a function that asks with ``input()``.

        Raises:
            DeclinedError: there is none.
        """
        event, kept = self._event, self._of._state.answers
        if self._kept_as in kept:
            return self._value(Answer(**kept[self._kept_as]))
        answer = await self._decided(ask)
        value, content = None, None
        if answer.given:
            value = self._wanted.validate(answer.value)
            content = as_json(self._wanted.dump(value))
        reason = answer.reason
        if answer.was_asked:  # else a resumed run may ask
            kept[self._kept_as] = {"given": answer.given, "value": content, "reason": reason}
        call, name = event.tool_call, event.request_id
        self._of._send(RequestAnswered(call, name, answer.given, reason=reason, content=content))
        return value if answer.given else self._value(answer)

    async def _decided(self, ask: Callable[[Callable[[], Answer]], Any]) -> Answer:
        event, requests = self._event, self._of._requests
        self._name = requests.name(event.request_id)
        set_answer(event, self._take)
        self._of._send(event)
        early = requests.early(Answer, event.request_id, event.tool_call_id)
        if early is not None:
            check_answer(self._wanted.validate, early)
            return early
        async with self._of._no_limit():
            if requests.answered_later:
                waited: Answer = await requests.wait(
                    self._name, self._of.name, event, self._wanted.validate, event.schema
                )
                return waited
            if requests.headless:
                return _NOT_ASKED
            async with requests.prompt_lock:
                found: Answer = await ask(self.prompted)
        return found

    def _take(self, answer: Answer) -> None:
        """Take an answer from code.

        Raises:
            UsageError: its value is not valid.
        """
        check_answer(self._wanted.validate, answer)
        self._of._requests.answer(self._name, answer)

    def _value(self, answer: Answer) -> Any:
        if answer.given:
            return self._wanted.validate(answer.value)
        words = f"{DECLINED} {answer.reason}".strip()
        raise DeclinedError(words if answer.was_asked else answer.reason)
