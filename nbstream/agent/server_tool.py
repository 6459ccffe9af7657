"""``ServerTool``: a tool of a server: a JSON schema describes it, and the server executes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from nbstream.agent.tools import FunctionTool
from nbstream.errors import ModelRetry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nbstream.agent.context import RunContext
    from nbstream.agent.signature import Signature
    from nbstream.core.tool_spec import ToolSpec


class ServerTool(FunctionTool):
    """A tool whose calls ``call`` executes, on nbstream's event loop.

    ``call`` gets the run's context and the arguments, a JSON object. It has to check them against
    the schema in ``spec``.
    """

    def __init__(
        self,
        call: Callable[[RunContext[Any], dict[str, Any]], Awaitable[Any]],
        spec: ToolSpec,
        *,
        requires_approval: bool = False,
        timeout: float | None = None,
    ) -> None:
        self.function = call
        self.spec = spec
        self.requires_approval = requires_approval
        self.timeout = timeout
        self.retries = None
        self.sequential = self.eager = False
        self.is_ours = True
        self.signature = cast("Signature", _AnyObject())


class _AnyObject:
    """Reads the arguments of a call as any JSON object, in the place of a ``Signature``."""

    takes_context = True

    def validate(self, args_json: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The positional and keyword arguments of a call.

        Raises:
            ModelRetry: the text is no JSON object.
        """
        try:
            found = json.loads(args_json.strip() or "{}")
        except (ValueError, RecursionError) as error:
            raise ModelRetry(f"The arguments are not valid JSON: {error}") from error
        if not isinstance(found, dict):
            raise ModelRetry("The arguments must be a JSON object.")
        return (found,), {}

    def check(self, args: dict[str, Any]) -> None:
        """Accept arguments that a person has changed: the server checks them."""
