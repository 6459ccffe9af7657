"""Runs every test of the transport with httpx and with httpx2, and without the user's proxies."""

import importlib
import os

import pytest

LIBRARIES = ("httpx", "httpx2")


@pytest.fixture(autouse=True, params=LIBRARIES)
def http(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The library that the test runs with: as ``httpx`` of its module, and for shared clients."""
    name: str = request.param
    if hasattr(request.module, "httpx"):
        monkeypatch.setattr(request.module, "httpx", importlib.import_module(name))
    # Once it has been imported, it knows whether there is a package for SOCKS.
    importlib.import_module(name.replace("httpx", "httpcore"))
    monkeypatch.setenv("NBSTREAM_HTTP", name)
    return name


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the machine that the tests run on."""
    certificates = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name in certificates:
            monkeypatch.delenv(name)
