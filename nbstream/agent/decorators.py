"""The decorators of ``Agent``: they add tools, instructions and validators to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from nbstream.agent.tools import tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.agent.settings import Settings

F = TypeVar("F", bound="Callable[..., Any]")


class Decorators:
    """What ``Agent`` inherits: decorators that change the settings of its later runs."""

    _settings: Settings

    @overload
    def tool(self, function: F, /) -> F: ...
    @overload
    def tool(self, /, **settings: Any) -> Callable[[F], F]: ...
    def tool(self, function: Any = None, /, **settings: Any) -> Any:
        """A decorator: the function becomes a tool of this agent. The settings are ``tool``'s.

        A cell that is run again defines the function again; it takes the place of the first.

        >>> agent = nbstream.Agent(ScriptedModel("Hello."))
        >>> @agent.tool
        ... def now() -> str:
        ...     '''The time.'''
        ...     return "12:00"
        >>> agent.tools
        [<FunctionTool now>]
        """
        make = tool(**settings)  # refuses a setting that there is not

        def register(given: F) -> F:
            self._settings.toolset.add(make(given), again=True)
            return given

        return register if function is None else register(function)

    tool_plain = tool  # PydanticAI's, for a function without context

    def output_validator(self, function: F) -> F:
        """A decorator: the function checks each output, and returns it or another one.

        It takes the output, or the context and the output. If it raises ``ModelRetry``, the
        model tries again.

        >>> agent = nbstream.Agent(ScriptedModel("no", "yes"))
        >>> @agent.output_validator
        ... def agree(output: str) -> str:
        ...     if output != "yes":
        ...         raise nbstream.ModelRetry("Say yes.")
        ...     return output
        >>> agent.run_sync("Well?").output
        'yes'
        """
        self._settings.validators.append(function)
        return function

    def system_prompt(self, function: F) -> F:
        """A decorator: the function returns instructions. It may take the context.

        >>> agent = nbstream.Agent(ScriptedModel("Hello."))
        >>> @agent.system_prompt
        ... def name(ctx: nbstream.RunContext[str]) -> str:
        ...     return f"The user is {ctx.deps}."
        >>> agent.run_sync("hi", deps="Ada").all_messages()[0].text
        'The user is Ada.'
        """
        self._settings.system.append(function)
        return function

    instructions = system_prompt  # PydanticAI's newer name
