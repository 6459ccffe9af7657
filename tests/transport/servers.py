"""Servers that speak TLS with certificates made here, and one that sends any bytes."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme

from tests.harness.llm_server import LLMServer

MODEL = "openai-chat/paced-3-1000"


@contextmanager
def tls_server(cert: trustme.LeafCert) -> Iterator[LLMServer]:
    """A scripted model over https, with that certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    cert.configure_cert(context)
    with LLMServer(context) as server:
        yield server


@contextmanager
def raw_server(reply: bytes) -> Iterator[int]:
    """A server that sends ``reply`` to whatever it gets, and closes; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # closed
                    return
                with connection, suppress(ConnectionError):
                    connection.recv(65536)
                    connection.sendall(reply)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):  # otherwise the reply may be lost
                        pass

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)  # ends accept()


def expired(ca: trustme.CA) -> trustme.LeafCert:
    """A certificate that was valid until 2001."""
    then = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    return ca.issue_cert("127.0.0.1", "localhost", not_before=then, not_after=then)


def pem(ca: trustme.CA, path: Path) -> Path:
    """The authority's certificate as a file."""
    ca.cert_pem.write_to_path(str(path))
    return path
