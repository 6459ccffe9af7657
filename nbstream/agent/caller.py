"""``Caller``: calls the user's functions for a run: tools, validators, approvers."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from nbstream.agent.generator_call import PAUSED, EndedCallError, GeneratorCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.agent.context import RunContext
    from nbstream.agent.questions import Questions
    from nbstream.agent.tools import FunctionTool
    from nbstream.core.parts import ToolCallPart
    from nbstream.streams.user_code import UserCode

Progress = "Callable[[Any], None]"


class Caller:
    """Calls functions, sync and async, and generators, each where it belongs."""

    def __init__(self, user_code: UserCode) -> None:
        self._user_code = user_code
        self._sequential = asyncio.Lock()

    async def tool(
        self,
        tool: FunctionTool,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        progress: Callable[[Any], None],
        questions: Questions | None = None,
    ) -> Any:
        """What a tool returns, or the last value that it yields.

        Raises:
            TimeoutError: it took longer than its limit.
            Exception: what it raised.
        """
        if tool.sequential:
            async with self._sequential:
                return await self._limited(tool, args, kwargs, progress, questions)
        return await self._limited(tool, args, kwargs, progress, questions)

    async def _limited(
        self,
        tool: FunctionTool,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        progress: Callable[[Any], None],
        questions: Questions | None,
    ) -> Any:
        has_ended = False

        def report(value: Any) -> None:
            if has_ended:
                raise EndedCallError
            progress(value)

        try:
            async with asyncio.timeout(tool.timeout) as limit:
                if questions is not None:
                    questions.limit = limit
                if tool.is_ours:
                    return await tool.function(*args, **kwargs)
                if tool.is_async:
                    return await self._user_code.run(_last(tool.function(*args, **kwargs), report))
                waits = tool.signature.takes_context and questions is not None and questions.wait
                found = await self._on_thread(tool, args, kwargs, report, asks=waits)
            return await self._awaited(found)
        finally:
            has_ended = True  # a generator on another thread ends when it yields next

    async def _on_thread(
        self,
        tool: FunctionTool,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        report: Callable[[Any], None],
        *,
        asks: bool,
    ) -> Any:
        """What a tool returns that is not async. A generator goes on until it pauses."""
        call = partial(
            self._user_code.call,
            own_thread=tool.timeout is not None,  # what is late may never return
            asks=asks,
            context=contextvars.copy_context(),
        )
        generator: GeneratorCall | None = None

        def begin() -> Any:
            nonlocal generator
            found = tool.function(*args, **kwargs)
            if not inspect.isgenerator(found):
                return found
            generator = GeneratorCall(found, report)
            return go_on()

        def go_on() -> Any:
            assert generator is not None
            return generator.run(pauses=lambda: self._user_code.reads_here)

        try:
            found = await call(lambda: _called(begin))
            while found is PAUSED:
                found = await call(lambda: _called(go_on))
        except BaseException:
            if generator is not None:
                generator.close()
            raise
        return found

    async def function(self, function: Callable[..., Any], *args: Any) -> Any:
        """What a function of the user's returns, such as a validator."""
        if inspect.iscoroutinefunction(function):
            return await self._user_code.run(function(*args))
        return await self._awaited(await self._user_code.call(lambda: function(*args)))

    async def approve(
        self, approve: Callable[..., Any], ctx: RunContext[Any], call: ToolCallPart
    ) -> Any:
        """What an approver says: a function of the call, or of the context and the call."""
        return await self.function(approve, *_fitting(approve, ctx, call))

    async def ask(self, function: Callable[[], Any]) -> Any:
        """What a function of ours returns that asks the user."""
        return await self._user_code.call(function)

    async def _awaited(self, value: Any) -> Any:
        """``value``; if a sync function returned an awaitable, what that gives."""
        return await self._user_code.run(_wait_for(value)) if inspect.isawaitable(value) else value


def _fitting(function: Callable[..., Any], ctx: Any, value: Any) -> tuple[Any, ...]:
    """The arguments of a function that takes a value, or the context and a value."""
    try:
        inspect.signature(function).bind(ctx, value)
    except (TypeError, ValueError):
        return (value,)
    return (ctx, value)


fitting = _fitting


async def _wait_for(value: Any) -> Any:
    return await value


class ToolExit(Exception):  # noqa: N818 - the model reads the name
    """A tool has called ``sys.exit()``, as a program's ``main()`` does: that ends the call only."""

    def __init__(self, asked: SystemExit) -> None:
        super().__init__(f"The tool ended with sys.exit({asked.code!r}).")


async def _last(value: Any, progress: Callable[[Any], None]) -> Any:
    """The result of a coroutine; of an async generator, its last value."""
    try:
        if not inspect.isasyncgen(value):
            return await value
        last = None
        async with aclosing(value):
            async for last in value:
                progress(last)
                await asyncio.sleep(0)  # one that waits for nothing must not hold up its loop
    except SystemExit as asked:
        raise ToolExit(asked) from asked
    return last


def _called(function: Callable[[], Any]) -> Any:
    """What a function of a tool returns that is not async."""
    try:
        return function()
    except SystemExit as asked:
        raise ToolExit(asked) from asked
