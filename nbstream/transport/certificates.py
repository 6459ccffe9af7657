"""Finds the certificates of authorities to trust, and loads them for TLS.

The environment decides: SSL_CERT_FILE and SSL_CERT_DIR together, as in OpenSSL; else
REQUESTS_CA_BUNDLE; else CURL_CA_BUNDLE. Each may be a file or a directory. If none is set, the
HTTP library decides: httpx trusts those of certifi, httpx2 those of the operating system.
"""

from __future__ import annotations

import os
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbstream.errors import UsageError

VARIABLES = (("SSL_CERT_FILE", "SSL_CERT_DIR"), ("REQUESTS_CA_BUNDLE",), ("CURL_CA_BUNDLE",))
"""In the order in which they count; those of one group add up."""

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")  # how OpenSSL names the files of a directory
_PEM = (".pem", ".crt", ".cer")


@dataclass(frozen=True, slots=True)
class Authorities:
    """What one group of variables names: pairs of a variable and a path. None: the default.

    ``stamps`` differ once a file has been replaced.
    """

    places: tuple[tuple[str, str], ...] = ()
    stamps: tuple[int, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(dict.fromkeys(name for name, _ in self.places))


def authorities() -> Authorities:
    """What the environment says now. The files may be missing; ``tls_context`` checks them."""
    for group in VARIABLES:
        found = [
            (name, path)
            for name in group
            if (value := os.environ.get(name, "").strip())
            # OpenSSL allows several directories in SSL_CERT_DIR.
            for path in (value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value])
        ]
        if found:
            return Authorities(tuple(found), tuple(_stamp(path) for _, path in found))
    return Authorities()


def _stamp(path: str) -> int:
    try:
        return Path(path).expanduser().stat().st_mtime_ns
    except (OSError, RuntimeError):
        return 0


def no_tls() -> ssl.SSLContext:
    """A context that trusts nobody, for requests without TLS. It reads no file."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def tls_context(given: Authorities) -> ssl.SSLContext:
    """A context that trusts the certificates of ``given``.

    What SSL_CERT_DIR names may be missing if there is another: conda sets it to a directory that
    it does not make.

    Raises:
        UsageError: there is no certificate at a path; the error names the variable.
    """
    context = no_tls()
    # A company's authority often lacks what RFC 5280 asks for, which Python checks from 3.13 on.
    # A server's own certificate can be trusted without the one that signed it.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    problems = {
        path: (name, problem) for name, path in given.places if (problem := _load(context, path))
    }
    is_loaded = len(problems) < len(given.places)
    bad = [row for row in problems.values() if not is_loaded or row[0] != "SSL_CERT_DIR"]
    if not bad:
        return context
    names = " and ".join(dict.fromkeys(name for name, _ in bad))
    raise UsageError(
        f"The certificates that {names} names cannot be loaded:"
        f" {'; '.join(problem for _, problem in bad)}.",
        remedy=f"Set {names} to a file of certificates (PEM), or unset it."
        " It is needed for https only.",
    )


def default_error(error: OSError) -> UsageError:
    """The error for the library's default certificates, which could not be loaded."""
    log = os.environ.get("SSLKEYLOGFILE")
    if log and error.filename == log:  # Python writes the keys of each connection to it
        return UsageError(
            f"SSLKEYLOGFILE names a file that cannot be written: {log}: {error.strerror}.",
            remedy="Unset it, or set it to a file in a directory that exists.",
        )
    return UsageError(
        f"The default certificates cannot be loaded: {error}.",
        remedy="Set SSL_CERT_FILE to a file of certificates (PEM), or:\n"
        "pip install --force-reinstall certifi",
    )


def _load(context: ssl.SSLContext, path: str) -> str | None:
    """Load what is at ``path``; if that fails, what is wrong with it."""
    try:
        file = Path(path).expanduser()
        if file.is_dir():
            return None if _load_directory(context, file) else f"{path} has no certificates"
        context.load_verify_locations(cafile=file)
    except ssl.SSLError:
        return f"{path} has no certificates"
    except (OSError, RuntimeError, ValueError) as error:
        return f"{path}: {getattr(error, 'strerror', None) or error}"
    return None


def _load_directory(context: ssl.SSLContext, folder: Path) -> bool:
    """Load the certificates of a directory; False if there are none.

    OpenSSL finds only files that are named by a hash. If there are none, load all PEM files.
    """
    files = sorted(folder.iterdir())
    if any(_HASHED.fullmatch(file.name) for file in files):
        context.load_verify_locations(capath=folder)
        return True
    loaded = False
    for file in files:
        if file.suffix.lower() in _PEM:
            with suppress(OSError):  # ssl.SSLError is one
                context.load_verify_locations(cafile=file)
                loaded = True
    return loaded
