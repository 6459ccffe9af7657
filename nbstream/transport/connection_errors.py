"""Converts the exceptions of an HTTP client to nbstream's errors.

The exceptions are told by the names of their classes: httpx and httpx2 have different classes of
the same names. Failures of TLS and of proxies get remedies of their own.
"""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING

from nbstream.errors import ConnectionFailedError, ResponseTimeoutError, UsageError
from nbstream.transport.hosts import destination, is_this_machine, netloc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.transport.clients import Route

_START = "Start the server on this machine, or give its address (base_url)."
_HTTPS = "If the server speaks https, write https:// in the address (base_url)."
_HTTP = "If the server speaks http, write http:// in the address (base_url). Check the port too."

# X509_V_ERR_... of OpenSSL's x509_vfy.h, which ssl.SSLCertVerificationError has as verify_code.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED = 18
_WRONG_NAME = {62, 64}  # a host's name, an IP address
_NO_TLS = re.compile(
    r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG"
    r"|UNKNOWN_PROTOCOL"
)
# h11's words for bytes that are no HTTP, such as a TLS alert.
_NO_HTTP = re.compile(r"illegal (?:request|status) line")


def is_truncated(error: Exception) -> bool:
    """Whether ``error`` says that the connection broke within the body."""
    return bool({"ReadError", "RemoteProtocolError"} & _names(error))


def connection_error(
    error: Exception, url: str, route: Route | None, *, answered: bool
) -> Exception | None:
    """Our error for an exception of the HTTP client; None if it is another exception.

    ``route`` is None for a client that the user passed. ``answered``: the headers had come.
    """
    names, host = _names(error), netloc(url)
    proxy = route.proxy if route is not None else None
    through = f"the proxy {proxy}" if proxy else host
    if "ConnectTimeout" in names or "PoolTimeout" in names:
        return ResponseTimeoutError(
            f"No connection to {through} within the time limit.",
            limit="connect",
            remedy="To allow more time: timeout=nbstream.Timeouts(connect=...), in seconds.",
            retryable=True,
        )
    if "TimeoutError" in names or "TimeoutException" in names:
        return ResponseTimeoutError(
            f"{host} sent nothing within the client's own time limit.",
            remedy="To allow more time, set the timeout of the client that you gave as client=,"
            " or pass timeout= too: it takes precedence.",
        )
    tls = next((one for one in _chain(error) if isinstance(one, ssl.SSLError)), None)
    if tls is not None and "HTTPError" in names:
        return _tls_error(tls, url, route)
    if "ProxyError" in names or "SOCKSError" in names:
        return _proxy_error(error, host, route)
    if "HTTPError" in names or "InvalidURL" in names:
        return _other(error, url, route, answered=answered)
    if proxy and proxy.url.startswith("socks") and isinstance(error, (AssertionError, ValueError)):
        return _proxy_error(error, host, route)  # what answered does not speak SOCKS 5
    if isinstance(error, RuntimeError) and route is None:
        return UsageError(
            f"nbstream cannot use this client: {error}",
            remedy="Pass a new, open client. nbstream runs its own event loop, and a client's "
            "connections belong to the loop that opened them.",
        )
    return None


def _names(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _other(
    error: Exception, url: str, route: Route | None, *, answered: bool
) -> ConnectionFailedError:
    """The error for a connection that failed or broke."""
    names, host, to = _names(error), netloc(url), destination(url)
    reason = (str(error) or type(error).__name__).rstrip(".")
    if to.scheme == "http" and _NO_HTTP.search(reason):
        text = f"{host} does not speak http: {reason}."
        return ConnectionFailedError(text, remedy=_HTTPS, retryable=False)
    if route is not None and route.proxy is not None and "ConnectError" in names:
        variable = route.proxy.variable
        return ConnectionFailedError(
            f"The proxy {route.proxy} cannot be reached: {reason}.",
            remedy=f"Check {variable}. Unset it, or add {to.host} to NO_PROXY, if no proxy"
            " is needed.",
            retryable=True,
        )
    remedy = None
    if "ConnectError" in names and is_this_machine(to.host):
        remedy = _START
    elif {"RemoteProtocolError", "ReadError"} & names and to.scheme == "http" and not answered:
        remedy = _HTTPS
    text = f"The connection to {host} failed: {reason}."
    return ConnectionFailedError(text, remedy=remedy, retryable="TransportError" in names)


def proxy_asks_for_password(route: Route | None) -> ConnectionFailedError:
    """The error for a proxy that answered 407."""
    proxy = route.proxy if route is not None else None
    what = f"The proxy {proxy}" if proxy else "The proxy"
    if proxy is None:
        remedy = "Give them to the client, or to its proxy's address."
    elif proxy.auth:
        remedy = (
            f"Check the user and the password in {proxy.variable}. Write signs such as @ as %40."
        )
    else:
        remedy = f"Write them in {proxy.variable}: http://user:password@host:port."
    return ConnectionFailedError(
        f"{what} asks for a user and a password (407).", remedy=remedy, status=407, retryable=False
    )


def _proxy_error(error: Exception, host: str, route: Route | None) -> ConnectionFailedError:
    """The error for a proxy that was reached and did not connect to ``host``."""
    proxy = route.proxy if route is not None else None
    reason = str(error) or "it does not speak the proxy's protocol"
    status = int(found[0]) if (found := re.match(r"[1-5]\d\d(?=\s|$)", reason)) else None
    if status == 407 or re.search(r"username/password", reason, re.IGNORECASE):
        return proxy_asks_for_password(route)
    variable = proxy.variable if proxy else "the client's proxy"
    return ConnectionFailedError(
        f"The proxy {proxy or ''} did not connect to {host}: {reason}.".replace("  ", " "),
        remedy=f"Check {variable}, and whether the proxy allows this host.",
        status=status,
        retryable=status is not None and status >= 500,
    )


def _tls_error(error: ssl.SSLError, url: str, route: Route | None) -> ConnectionFailedError:
    """The error for TLS that failed: a certificate, or a server without TLS."""
    host = netloc(url)
    if isinstance(error, ssl.SSLCertVerificationError):
        text, remedy = _certificate_error(error, url, route)
        return ConnectionFailedError(text, remedy=remedy, retryable=False)
    proxy = route.proxy if route is not None else None
    if _NO_TLS.search(f"{error.reason} {error}"):
        if proxy and proxy.url.startswith("https:"):
            return ConnectionFailedError(
                f"The proxy {proxy} or {host} does not speak TLS.",
                remedy=f"Write http:// in {proxy.variable}: most proxies for https speak http"
                " themselves.",
                retryable=False,
            )
        text = f"{host} does not speak https."
        return ConnectionFailedError(text, remedy=_HTTP, retryable=False)
    reason = error.reason or str(error)
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        text = f"{host} closed the connection while TLS began: {reason}."
        return ConnectionFailedError(text, remedy=_HTTP, retryable=True)
    return ConnectionFailedError(
        f"TLS with {host} failed: {reason}.",
        remedy="The server allows other versions of TLS, or wants a certificate of yours. Pass a"
        " client= with verify= for it.",
        retryable=False,
    )


def _certificate_error(
    error: ssl.SSLCertVerificationError, url: str, route: Route | None
) -> tuple[str, str]:
    """The text and the remedy for a certificate that is not trusted."""
    host = netloc(url)
    code = getattr(error, "verify_code", 0)
    message = getattr(error, "verify_message", "") or error.reason or str(error)
    if code in _WRONG_NAME or "hostname mismatch" in message.lower():
        name = destination(url).host
        return (
            f"The certificate of {host} is for another name than {name}.",
            "Check the address (base_url): use the name that the certificate has.",
        )
    if code == _EXPIRED:
        return (
            f"The certificate of {host} has expired.",
            "The server needs a new one. If others can connect, check this machine's clock.",
        )
    if code == _NOT_YET_VALID:
        return (f"The certificate of {host} is not valid yet.", "Check this machine's clock.")
    what = "is self-signed" if code == _SELF_SIGNED else f"is not trusted: {message}"
    return f"The certificate of {host} {what}.", _trust(code, route)


def _trust(code: int, route: Route | None) -> str:
    """How to trust a certificate."""
    if route is None:
        return (
            "Pass verify= to the client: a context with the certificates to trust. Or make the"
            " client after SSL_CERT_FILE has been set to a file (PEM) with them."
        )
    used = route.trusted.variables if route.trusted else ()
    which = "server's certificate" if code == _SELF_SIGNED else "authority's certificate"
    if used:
        place = (
            f"the file that {used[0]} names"
            if len(used) == 1
            else f"what {' and '.join(used)} name"
        )
        return f"Add the {which} to {place}, or unset {' and '.join(used)}."
    owner = "" if code == _SELF_SIGNED else " (a company's, if its network inspects https)"
    return f"Set SSL_CERT_FILE to a file (PEM) with the {which}{owner}."
