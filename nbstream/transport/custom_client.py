"""Checks the HTTP client that a user passes as ``client=``: its type, and whether it has timeouts.

httpx and httpx2 clients have the same interface. Importing either takes long, so this file
imports neither.
"""

from __future__ import annotations

import inspect
from typing import Any

from nbstream.errors import UsageError


def check_client(client: Any) -> None:
    """Check that ``client`` is an asynchronous HTTP client, or None for the shared one.

    Raises:
        UsageError: it is a blocking client, a class, or not a client.
    """
    is_async = inspect.iscoroutinefunction(getattr(client, "send", None))
    if client is None or (is_async and not isinstance(client, type)):
        return
    library = "httpx2" if type(client).__module__.partition(".")[0] == "httpx2" else "httpx"
    remedy = (
        f"Pass {library}.AsyncClient(...) with the same settings; blocking methods work with it."
    )
    if isinstance(client, type):
        what = f"the class {client.__name__}"
        remedy = f"Pass an object: client={client.__name__}(...)." if is_async else remedy
    else:
        what = f"an object of type {type(client).__name__}"
    raise UsageError(f"client= takes an AsyncClient of httpx or httpx2, not {what}.", remedy=remedy)


def has_own_timeouts(client: Any) -> bool:
    """Whether the user set timeouts on the client; if so, a request keeps them.

    httpx's default of five seconds does not count: it is too short for a model that thinks.
    """
    return bool(client.timeout != type(client.timeout)(5.0))
