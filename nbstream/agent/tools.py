"""``tool()`` and ``FunctionTool``: functions that an agent can call for its model."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, overload

from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import UsageError
from nbstream.errors.arguments import check_options
from nbstream.errors.tracebacks import TRACEBACK_END

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.agent.signature import Signature


class FunctionTool:
    """A function as a tool; made by ``nbstream.tool``. It can still be called as the function.

    ``name``, ``description`` and ``parameters`` (a JSON schema) are what the model gets.

    >>> @nbstream.tool
    ... def add(a: int, b: int) -> int:
    ...     return a + b
    >>> add
    <FunctionTool add>
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str | None = None,
        description: str | None = None,
        requires_approval: bool = False,
        timeout: float | None = None,
        retries: int | None = None,
        sequential: bool = False,
        eager: bool = False,
        strict: bool | None = None,
    ) -> None:
        from nbstream.agent.signature import Signature  # pydantic is slow to import

        found = name or str(getattr(function, "__name__", type(function).__name__))
        given: Any = function
        if not callable(given) or found == (lambda: None).__name__:
            raise UsageError(
                f"{function!r} cannot be a tool.",
                remedy="Use a function that has a name, type hints and a docstring.",
            )
        seconds: Any = timeout
        if seconds is not None and not (isinstance(seconds, (int, float)) and seconds > 0):
            raise UsageError(f"timeout= takes a number of seconds above 0, not {timeout!r}.")
        functools.update_wrapper(self, function)
        self.function = function
        self.requires_approval = requires_approval
        self.timeout = timeout
        self.retries = retries
        self.sequential = sequential
        self.eager = eager
        self.is_ours = False
        """Whether it is nbstream's own function, which runs on nbstream's event loop."""
        self.signature: Signature = Signature(function, found)
        schema = self.signature.schema()
        text = schema.description if description is None else description
        self.spec = ToolSpec(schema.name, text, schema.parameters, strict)

    @property
    def name(self) -> str:
        """The name by which the model calls it."""
        return self.spec.name

    @property
    def description(self) -> str:
        """What the model is told of its purpose: the docstring without its sections."""
        return self.spec.description

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        return dict(self.spec.parameters)

    @property
    def is_async(self) -> bool:
        """Whether it is an async function or an async generator."""
        given: Any = self.function
        inner = given if inspect.isroutine(given) else given.__call__
        return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<FunctionTool {self.name}>"


@overload
def tool(function: Callable[..., Any], /) -> FunctionTool: ...
@overload
def tool(
    *,
    name: str | None = None,
    description: str | None = None,
    requires_approval: bool = False,
    timeout: float | None = None,
    retries: int | None = None,
    sequential: bool = False,
    eager: bool = False,
    strict: bool | None = None,
) -> Callable[[Callable[..., Any]], FunctionTool]: ...
def tool(function: Callable[..., Any] | None = None, /, **settings: Any) -> Any:
    """Make a function a tool, with settings. A plain function is a tool with the defaults.

    Its type hints and its docstring (Google, NumPy or Sphinx style) tell the model what it
    takes. A first parameter with the hint ``RunContext`` gets the run's context. A generator
    reports what it yields while it works, and the last value is its result.

    Args:
        function: The function, sync or async, if ``tool`` is used without brackets.
        name: What the model calls it. Default: the function's name.
        description: Its purpose. Default: the docstring before its sections.
        requires_approval: Ask a person before each call.
        timeout: Seconds that a call may take. None (default): no limit. A sync function with a
            limit runs in a thread of its own.
        retries: How often in a row the model may call it wrongly. Default: the agent's.
        sequential: Never run two calls of such tools at once.
        eager: It has no side effects, so it may start while the reply still streams.
        strict: Ask for arguments that match the schema, if the provider can guarantee that.

    Raises:
        UsageError: the function cannot be a tool.

    >>> @nbstream.tool(timeout=10)
    ... def add(a: int, b: int) -> int:
    ...     '''Add two numbers.'''
    ...     return a + b
    >>> add.description, add(1, 2)
    ('Add two numbers.', 3)
    """
    with TRACEBACK_END:
        check_options(settings, "tool", [*(FunctionTool.__init__.__kwdefaults__ or ())])
    if function is not None:
        return FunctionTool(function, **settings)
    return lambda given: FunctionTool(given, **settings)
