"""The errors of agents' runs, and ``ModelRetry``, which a tool raises to be called again."""

from __future__ import annotations

from nbstream.errors.types import NBStreamError, StreamError


class AgentError(StreamError):
    """An agent's run cannot go on, such as when a tool was called wrongly too often.

    >>> str(nbstream.errors.AgentError("The tool 'add' failed too often."))
    "The tool 'add' failed too often."
    """


class UsageLimitError(AgentError):
    """A run has reached one of its limits: steps, tokens or calls.

    >>> issubclass(nbstream.errors.UsageLimitError, nbstream.errors.AgentError)
    True
    """


class DeclinedError(NBStreamError):
    """What a tool asked with ``ctx.ask`` has no answer.

    The user declined, or the run is headless and cannot ask: no page, terminal or code answers.
    A tool may handle the error. If it does not, the model gets its text as the call's result.

    >>> str(nbstream.errors.DeclinedError("The user declined to answer."))
    'The user declined to answer.'
    """


class ModelRetry(NBStreamError):  # noqa: N818 - PydanticAI's name
    """Raised by a tool or an output validator: the model gets the text and tries again.

    >>> def divide(a: int, b: int) -> float:
    ...     if b == 0:
    ...         raise nbstream.errors.ModelRetry("b must not be 0.")
    ...     return a / b
    """
