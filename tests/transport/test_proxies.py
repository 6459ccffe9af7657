"""Proxies of the environment: which requests use them, and what is said if they cannot be used."""

import gc
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

import nbstream
from nbstream import errors
from nbstream.transport.proxies import proxy_for
from tests.harness.background import run_async
from tests.harness.llm_server import LLMServer
from tests.harness.proxy import Proxy
from tests.transport.servers import MODEL, pem, raw_server, tls_server

KEY = "sk-very-secret-0123456789"
PASSWORD = "pa%ss@wo/rd#1"
QUOTED = "pa%25ss@wo/rd#1"


# httpcore does not close the connection when a SOCKS handshake fails.
LEAKS = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def ask(url: str, **settings: object) -> nbstream.Stream:
    return nbstream.stream(MODEL, "hi", base_url=f"{url}/v1", api_key=KEY, retries=0, **settings)  # type: ignore[call-overload,no-any-return]


def failure(url: str) -> errors.NBStreamError:
    with pytest.raises(errors.NBStreamError) as caught:
        ask(url).until_done()
    gc.collect()  # so that a leak is reported in the test that has it
    return caught.value


@pytest.fixture
def proxy(llm_server: LLMServer) -> Iterator[Proxy]:
    with Proxy(llm_server.port) as running:
        yield running


HARMLESS = [
    {"ALL_PROXY": "socks5://127.0.0.1:9"},
    {"all_proxy": "socks5h://127.0.0.1:9"},
    {"ALL_PROXY": "socks4://127.0.0.1:9"},
    {"http_proxy": "socks4a://127.0.0.1:9"},
    {"HTTP_PROXY": "http://[::1"},
    {"HTTP_PROXY": "http://"},
    {"HTTP_PROXY": "ftp://127.0.0.1"},
    {"HTTP_PROXY": "http://127.0.0.1:99999"},
    {"HTTP_PROXY": '"http://127.0.0.1:9"'},
    {"HTTP_PROXY": "127.0.0.1:9", "NO_PROXY": "localhost,fd00::/8"},
    {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "[::1],::1,fe80::1%eth0,10.0.0.0/99,:,[,/"},
    {"SSL_CERT_FILE": "/gone/cacert.pem"},
    {"SSL_CERT_DIR": "/gone"},
    {"REQUESTS_CA_BUNDLE": "/gone", "CURL_CA_BUNDLE": "/gone"},
]


@pytest.mark.parametrize("settings", HARMLESS, ids=str)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "127.1"])
def test_loopback_needs_nothing_of_the_environment(
    settings: dict[str, str], host: str, llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(sys.modules, "socksio", None)  # as if it were not installed
    assert ask(f"http://{host}:{llm_server.port}").get_final_text()

    async def through() -> str:
        async with ask(f"http://{host}:{llm_server.port}") as stream:
            return await stream.get_final_text()

    assert run_async(through())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PROXY", "http://{}"),
        ("http_proxy", "{}"),  # curl allows it
        ("http_proxy", " HTTP://{}/ "),
        ("ALL_PROXY", "http://{}"),
        ("all_proxy", "{}"),
        ("ALL_PROXY", "socks5://{}"),
        ("ALL_PROXY", "socks5h://{}"),
        ("HTTP_PROXY", "socks://{}"),
    ],
)
def test_a_proxy_is_used(
    variable: str, value: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value.format(proxy.host))
    # What cannot apply to this request is not read, and one that is empty is not set.
    monkeypatch.setenv("https_proxy", "socks4://127.0.0.1:9")
    if "ALL" in variable.upper():
        monkeypatch.setenv("http_proxy", " ")
    assert ask("http://provider.example").get_final_text()
    assert len(proxy.asked) == 1
    assert "provider.example" in proxy.asked[0].target
    assert (proxy.asked[0].method == "SOCKS5") is ("socks" in value)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_https_goes_through_a_tunnel(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", str(pem(ca, tmp_path / "ca.pem")))
    with tls_server(ca.issue_cert("provider.example")) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://{proxy.host}")
        assert ask("https://provider.example").get_final_text()
        assert proxy.asked[0].method == ("CONNECT" if scheme == "http" else "SOCKS5")


def test_a_proxy_that_speaks_tls(
    llm_server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with Proxy(llm_server.port, tls=context) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"https://{proxy.host}")
        assert "not trusted" in failure("http://provider.example").text
        monkeypatch.setenv("SSL_CERT_FILE", str(pem(ca, tmp_path / "ca.pem")))
        assert ask("http://provider.example").get_final_text()


@LEAKS
@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_user_and_password_are_sent_and_never_shown(
    scheme: str, llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(llm_server.port, auth=f"me:{PASSWORD}") as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"{scheme}://me:{QUOTED}@{proxy.host}")
        assert ask("http://provider.example").get_final_text()
        assert proxy.asked[0].auth
        found = proxy_for("http://provider.example")
        assert "pa" not in repr(found)
        assert "me" not in str(found)

        monkeypatch.setenv("HTTP_PROXY", f"{scheme}://me:wrong-word@{proxy.host}")
        error = failure("http://provider.example")
        assert isinstance(error, errors.ConnectionFailedError)
        assert error.status == 407
        assert not error.retryable
        assert f"proxy {proxy.host} (HTTP_PROXY)" in error.text
        assert "user and the password in HTTP_PROXY" in str(error)
        assert "wrong-word" not in f"{error!r}{error}{vars(error)}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_names_its_variable(
    scheme: str, llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(llm_server.port, auth="me:secret") as proxy:
        monkeypatch.setenv("all_proxy", proxy.host)
        error = failure(f"{scheme}://provider.example")
    assert isinstance(error, errors.ConnectionFailedError)
    assert error.status == 407
    assert "(all_proxy) asks for a user and a password" in error.text
    assert "all_proxy: http://user:password@host:port" in str(error)


@LEAKS
def test_a_proxy_that_cannot_connect_is_named(
    llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(llm_server.port, status=502) as proxy:
        for scheme in ("http", "socks5"):
            monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://{proxy.host}")
            error = failure("https://provider.example")
            assert isinstance(error, errors.ConnectionFailedError)
            assert f"The proxy {proxy.host} (HTTPS_PROXY) did not connect to provider" in error.text
            assert "HTTPS_PROXY" in str(error.remedy)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize("target", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(
    scheme: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://me:{PASSWORD}@{place}")
    error = failure(f"{target}://provider.example")
    assert isinstance(error, errors.ConnectionFailedError)
    assert error.retryable
    assert f"The proxy {place} (ALL_PROXY) cannot be reached" in error.text
    assert "add provider.example to NO_PROXY" in str(error)
    assert PASSWORD not in str(error)


@LEAKS
@pytest.mark.parametrize("kind", ["closes", "web server"])
def test_what_speaks_no_socks_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n" if kind == "web server" else b"") as port:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{port}")
        error = failure("http://provider.example")
    assert isinstance(error, errors.ConnectionFailedError)
    assert f"127.0.0.1:{port} (ALL_PROXY)" in error.text


def test_an_https_proxy_that_speaks_http(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"https://{proxy.host}")
    error = failure("https://provider.example")
    assert "does not speak TLS" in error.text
    assert "Write http:// in HTTPS_PROXY" in str(error)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("socks4://me:secret@127.0.0.1:9", "socks5://"),
        ("socks4a://127.0.0.1:9", "socks5://"),
        ("ftp://me:secret@127.0.0.1:9", "http://, https:// or socks5://"),
        ("http://", "unset"),
        ("http://me:secret@", "unset"),
        ("http://127.0.0.1:port", "unset"),
        ("http://127.0.0.1:99999", "unset"),
        ("http://[::1", "unset"),
        ('"http://me:secret@127.0.0.1:9"', "unset"),
        ("'127.0.0.1:9'", "without quotes"),
        ("http://$PROXY:80", "unset"),
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_setting_that_means_nothing_is_refused(
    variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    error = failure("https://provider.example")
    assert isinstance(error, errors.UsageError)
    assert variable in error.text
    assert words in str(error.remedy)
    assert "secret" not in str(error)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
def test_socks_without_its_package_names_the_extra(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:9")
    error = failure("https://provider.example")
    assert isinstance(error, errors.UsageError)
    assert "ALL_PROXY" in error.text
    assert "pip install 'nbstream[socks]'" in str(error)
    monkeypatch.setenv("NO_PROXY", "provider.example")
    assert proxy_for("https://provider.example") is None


P = "http://p:1"


@pytest.mark.parametrize(
    ("url", "no_proxy", "used"),
    [
        ("https://api.example.com", "example.com", False),
        ("https://api.example.com", ".example.com", False),
        ("https://example.com", ".example.com", False),
        ("https://api.example.com", "*.example.com", False),
        ("https://API.Example.COM./v1", "example.com.", False),
        ("https://notexample.com", "example.com", True),
        ("https://example.com.evil.org", "example.com", True),
        ("https://api.example.com", "*", False),
        ("https://api.example.com", "a.b, *", False),
        ("https://api.example.com", "a.b  api.example.com", False),
        ("https://api.example.com", ",,a.b,,", True),
        ("https://api.example.com", "api.example.com:443", False),
        ("https://api.example.com", "api.example.com:8443", True),
        ("https://api.example.com:8443", "api.example.com:8443", False),
        ("http://api.example.com", "https://api.example.com", True),
        ("https://api.example.com", "https://api.example.com/", False),
        ("https://api.example.com", "", True),
        ("https://10.1.2.3", "10.0.0.0/8", False),
        ("https://11.1.2.3", "10.0.0.0/8", True),
        ("https://10.1.2.3", "10.1.2.3", False),
        ("https://10.1.2.3", "10.1.2.3:443", False),
        ("https://10.1.2.3", "2.3", True),
        ("https://10.1.2.3", "10.0.0.0/99", True),
        ("https://[fd00::5]", "fd00::/8", False),
        ("https://[fd00::5]", "[fd00::]/8", False),
        ("https://[fd00::5]", "[fd00::5]", False),
        ("https://[fd00::5]", "fd00:0::5", False),
        ("https://[fd00::5]:8443", "[fd00::5]:8443", False),
        ("https://[fd00::5]", "[fd00::5]:8443", True),
        ("https://[fd00::5]", "fe80::/10", True),
        ("https://[::ffff:10.1.2.3]", "10.0.0.0/8", False),
        ("https://bücher.example", "xn--bcher-kva.example", False),
        ("https://api.example.com", "fd00::/8,[::1],10.0.0.0/8", True),
    ],
)
def test_no_proxy(url: str, no_proxy: str, *, used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", P)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(url) is not None) is used


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.9.10", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "LOCALHOST.",
     "app.localhost", "0.0.0.0", "[::]", "2130706433"],
)  # fmt: skip
def test_this_machine_has_no_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", P)
    assert proxy_for(f"http://{host}:8080/v1") is None


@pytest.mark.parametrize("host", ["localhost.example", "128.0.0.1", "notlocalhost", "[::2]"])
def test_another_machine_has(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", P)
    assert proxy_for(f"http://{host}:8080/v1") is not None


def test_a_setting_counts_from_the_next_request_on(
    proxy: Proxy, llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.host}")
    assert ask("http://provider.example").get_final_text()
    with Proxy(llm_server.port) as other:
        monkeypatch.setenv("HTTP_PROXY", f"http://{other.host}")
        assert ask("http://provider.example").get_final_text()
        assert len(other.asked) == 1
    assert len(proxy.asked) == 1


def test_generate_and_its_downloads_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks4://127.0.0.1:9")
    generation = nbstream.generate(
        "openai/gpt-image-1", "a cat", base_url="https://provider.example/v1", api_key=KEY
    )
    with pytest.raises(errors.UsageError, match="ALL_PROXY"):
        generation.result()
