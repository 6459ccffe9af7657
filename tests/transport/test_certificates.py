"""TLS against real servers: which certificates are trusted, and what is said of the others."""

import datetime as dt
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import nbstream
from nbstream import errors
from tests.harness.background import run_async
from tests.harness.llm_server import LLMServer
from tests.transport.servers import MODEL, expired, pem, raw_server, tls_server

VARIABLES = ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]


def ask(url: str, client: httpx.AsyncClient | None = None) -> nbstream.Stream:
    return nbstream.stream(MODEL, "hi", base_url=f"{url}/v1", api_key="k", retries=0, client=client)


def failure(url: str, client: httpx.AsyncClient | None = None) -> errors.NBStreamError:
    with pytest.raises(errors.NBStreamError) as caught:
        ask(url, client).until_done()
    return caught.value


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(ca: trustme.CA) -> Iterator[LLMServer]:
    with tls_server(ca.issue_cert("127.0.0.1", "localhost")) as running:
        yield running


@pytest.mark.parametrize("kind", ["file", "directory", "hashed"])
def test_certificates_of_the_environment_are_trusted(
    kind: str, ca: trustme.CA, server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pem(ca, tmp_path / "company.pem")
    if kind == "hashed":
        command = ["openssl", "x509", "-hash", "-noout", "-in", str(file)]
        try:
            name = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        except FileNotFoundError:
            pytest.skip("needs the program openssl")
        file.rename(tmp_path / f"{name.strip()}.0")

    async def through() -> str:
        async with ask(server.url) as stream:
            return await stream.get_final_text()

    for variable in VARIABLES:
        with monkeypatch.context() as patch:
            patch.setenv(variable, str(file if kind == "file" else tmp_path))
            assert ask(server.url).get_final_text()
            assert run_async(through())


def test_the_order_of_the_variables(
    ca: trustme.CA, server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, other = pem(ca, tmp_path / "good.pem"), pem(trustme.CA(), tmp_path / "other.pem")
    for name in VARIABLES:
        monkeypatch.setenv(name, str(other))
    error = failure(server.url)
    assert "SSL_CERT_FILE and SSL_CERT_DIR name," in str(error)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, str(good))
        assert ask(server.url).get_final_text(), "the two add up, as in OpenSSL"
        monkeypatch.setenv(name, "")  # empty is not set
        if name == "SSL_CERT_FILE":
            assert isinstance(failure(server.url), errors.ConnectionFailedError)
    assert "REQUESTS_CA_BUNDLE names" in str(failure(server.url))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    assert "CURL_CA_BUNDLE names" in str(failure(server.url))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(good))
    assert ask(server.url).get_final_text()


def test_a_file_that_is_missing_beside_a_good_one(
    ca: trustme.CA, server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem(ca, tmp_path / "ca.pem")))
    monkeypatch.setenv("SSL_CERT_DIR", f"/gone:{tmp_path / 'gone'}")
    assert ask(server.url).get_final_text(), "as in conda"
    monkeypatch.setenv("SSL_CERT_FILE", "/gone/cacert.pem")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    error = failure(server.url)
    assert "that SSL_CERT_FILE names cannot be loaded: /gone/cacert.pem" in error.text


def test_a_file_that_was_replaced_counts(
    ca: trustme.CA, server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pem(trustme.CA(), tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert isinstance(failure(server.url), errors.ConnectionFailedError)
    pem(ca, file)
    assert ask(server.url).get_final_text()


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("kind", ["missing", "text", "empty folder"])
def test_certificates_that_cannot_be_loaded_are_named(
    variable: str, kind: str, server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = {"missing": tmp_path / "gone.pem", "empty folder": tmp_path}.get(kind, tmp_path / "x")
    if kind == "text":
        path.write_text("hello")
    monkeypatch.setenv(variable, str(path))
    error = failure(server.url)
    assert isinstance(error, errors.UsageError)
    assert variable in error.text
    assert str(path) in error.text
    assert f"Set {variable} to a file of certificates (PEM), or unset it" in str(error.remedy)


@pytest.mark.parametrize("variable", [*VARIABLES, "SSLKEYLOGFILE"])
def test_what_https_alone_needs_is_for_https_alone(
    variable: str, http: str, llm_server: LLMServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (variable, http) == ("SSLKEYLOGFILE", "httpx2"):
        pytest.skip("httpx2 does not read it")
    monkeypatch.setenv(variable, str(tmp_path / "gone" / "x"))
    assert ask(llm_server.url).get_final_text()
    error = failure("https://provider.example")
    assert isinstance(error, errors.UsageError)
    assert variable in error.text
    assert "nset it" in str(error.remedy)


def test_an_installation_without_its_certificates(
    http: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if http == "httpx2":
        pytest.skip("httpx2 trusts the operating system's certificates")
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "gone"))
    error = failure("https://provider.example")
    assert isinstance(error, errors.UsageError)
    assert "SSL_CERT_FILE" in str(error.remedy)
    assert "certifi" in str(error.remedy)


def test_nothing_is_read_at_import(tmp_path: Path) -> None:
    code = "import nbstream; print(nbstream.get_model('vllm/m'))"
    gone = dict.fromkeys(VARIABLES, str(tmp_path / "gone"))
    env = {**gone, "ALL_PROXY": "socks4://x", "NO_PROXY": "fd00::/8", "PATH": ""}
    made = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert made.stdout == "vllm/m\n", made.stderr


def test_an_unknown_authority_names_the_variable_to_set(server: LLMServer) -> None:
    error = failure(server.url)
    assert isinstance(error, errors.ConnectionFailedError)
    assert not error.retryable
    assert "is not trusted" in error.text
    assert "SSL_CERT_FILE" in str(error.remedy)
    assert "company" in str(error.remedy)


def _self_signed(name: str) -> trustme.LeafCert:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    private = key.private_bytes(
        form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return trustme.LeafCert(private, cert.public_bytes(form), [])


def test_a_self_signed_certificate_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert = _self_signed("localhost")
    with tls_server(cert) as running:
        url = f"https://localhost:{running.port}"
        error = failure(url)
        assert isinstance(error, errors.ConnectionFailedError)
        assert "is self-signed" in error.text
        assert "SSL_CERT_FILE" in str(error.remedy)
        file = tmp_path / "server.pem"
        cert.cert_chain_pems[0].write_to_path(str(file))
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert ask(url).get_final_text()


def test_an_expired_certificate(
    ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem(ca, tmp_path / "ca.pem")))
    with tls_server(expired(ca)) as running:
        error = failure(running.url)
    assert isinstance(error, errors.ConnectionFailedError)
    assert not error.retryable
    assert "has expired" in error.text
    assert "clock" in str(error.remedy)


@pytest.mark.parametrize("names", [["example.org"], ["127.0.0.2"]])
def test_a_certificate_of_another_name(
    names: list[str], ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem(ca, tmp_path / "ca.pem")))
    with tls_server(ca.issue_cert(*names)) as running:
        for host in ("localhost", "127.0.0.1"):
            error = failure(f"https://{host}:{running.port}")
            assert f"for another name than {host}" in error.text
            assert "base_url" in str(error.remedy)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak https"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "does not speak https"),
        (b"", "closed the connection while TLS began"),
    ],
)
def test_https_to_a_server_of_http(reply: bytes, words: str) -> None:
    with raw_server(reply) as port:
        error = failure(f"https://127.0.0.1:{port}")
    assert isinstance(error, errors.ConnectionFailedError)
    assert words in error.text
    assert "write http://" in str(error.remedy)


def test_a_server_that_refuses_the_version_of_tls() -> None:
    with raw_server(b"\x15\x03\x01\x00\x02\x02\x46") as port:
        error = failure(f"https://127.0.0.1:{port}")
    assert isinstance(error, errors.ConnectionFailedError)
    assert "PROTOCOL_VERSION" in error.text
    assert "client=" in str(error.remedy)
    assert not error.retryable


WANTS_TLS = {
    "closes": b"",
    "alert": b"\x15\x03\x01\x00\x02\x02\x46",  # protocol_version
    "Go": b"Client sent an HTTP request to an HTTPS server.\n",
    "nginx": b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>",
    "Apache": b"Reason: You're speaking plain HTTP to an SSL-enabled server port.",
}


@pytest.mark.parametrize("kind", WANTS_TLS)
def test_http_to_a_server_of_https(kind: str) -> None:
    reply = WANTS_TLS[kind]
    if reply[:1].isalpha() or reply[:1] == b"<":
        reply = b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/html\r\n\r\n" + reply
    with raw_server(reply) as port:
        error = failure(f"http://127.0.0.1:{port}")
    assert "https" in str(error)
    assert "rite https:// in the address (base_url)" in str(error.remedy)


def test_http_to_a_real_server_of_https(server: LLMServer) -> None:
    assert "https://" in str(failure(f"http://127.0.0.1:{server.port}").remedy)


def test_a_client_of_the_users_own(server: LLMServer, ca: trustme.CA) -> None:
    error = failure(server.url, httpx.AsyncClient())
    assert isinstance(error, errors.ConnectionFailedError)
    assert "verify=" in str(error.remedy)
    context = ssl.create_default_context()
    ca.configure_trust(context)
    assert ask(server.url, httpx.AsyncClient(verify=context)).get_final_text()
