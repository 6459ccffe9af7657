"""A client of the user's own, httpx's or httpx2's, which have the same shape.

Knows what one must be to be used here. Imports neither of them, which are dear.
"""

from __future__ import annotations

import inspect
from typing import Any

from nbstream.errors import UsageError


def check_client(client: Any) -> None:
    """Refuse what is no asynchronous client, before anything is sent; None is ours.

    Raises:
        UsageError: it is a blocking client, or no client at all.
    """
    if client is None or inspect.iscoroutinefunction(getattr(client, "send", None)):
        return
    raise UsageError(
        f"client= takes an httpx.AsyncClient; this is of type {type(client).__name__}.",
        remedy="Pass httpx.AsyncClient(...) with the same settings; blocking methods work with it.",
    )


def has_own_timeouts(client: Any) -> bool:
    """Whether the user set time-outs on the client: then it keeps them.

    httpx's default of five seconds is no choice of anybody's, and too short
    for a model that thinks.
    """
    return bool(client.timeout != type(client.timeout)(5.0))
