"""Makes a model's endpoint from a provider's base URL, by the rules of Azure and Google.

Also reads the address in ``OLLAMA_HOST``.
"""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import quote

from nbstream.providers.model import Endpoint

AZURE_VERSION = "OPENAI_API_VERSION"


def unchanged(base_url: str, model: str, api_key: str | None) -> Endpoint:  # noqa: ARG001
    """The endpoint whose address is the base URL as given."""
    return Endpoint(base_url, api_key)


def azure(base_url: str, model: str, api_key: str | None) -> Endpoint:
    """The endpoint of an Azure OpenAI resource, whose base URL may lack the API's path.

    If ``OPENAI_API_VERSION`` is set, the model's name is a deployment and becomes part of the
    address. Otherwise the resource's ``v1`` API is used, which needs no version
    (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle). An address
    that already contains the API's path stays unchanged.
    """
    base = base_url.rstrip("/").removesuffix("/openai")
    version = os.environ.get(AZURE_VERSION)
    if re.search(r"/openai/|/v1$", base):
        with_version = "/deployments/" in base and version
        query = {"api-version": version} if with_version and version else {}
        return Endpoint(base, api_key, query=query)
    if not version:
        return Endpoint(f"{base}/openai/v1", api_key)
    deployment = f"{base}/openai/deployments/{quote(model, safe='')}"
    return Endpoint(deployment, api_key, query={"api-version": version})


def google(base_url: str, model: str, api_key: str | None) -> Endpoint:  # noqa: ARG001
    """The endpoint of Google AI Studio, with the API's version if the base URL lacks it.

    Google's own libraries omit the version in the base URL.
    """
    base = base_url.rstrip("/")
    return Endpoint(base if re.search(r"/v\d\w*(/|$)", base) else f"{base}/v1beta", api_key)


def ollama_host(value: str) -> str:
    """Convert ``OLLAMA_HOST`` to a base URL, as Ollama's own client reads it.

    Everything may be missing: without a scheme it is http and the port 11434, with one the
    scheme's port; without a host this machine. A port that is no port counts as missing. An
    address that a server listens on (``0.0.0.0``) becomes one that a client can connect to. A
    path stays. Source: ``Host()`` in ``envconfig/config.go`` of github.com/ollama/ollama.
    """
    value = value.strip().strip("\"'").strip()
    scheme, found, rest = value.partition("://")
    scheme, rest = (scheme.lower(), rest) if found else ("http", value)
    default = {"http": 80, "https": 443}.get(scheme, _OLLAMA_PORT) if found else _OLLAMA_PORT
    if value == "ollama.com":  # Ollama's own service
        scheme, default = "https", 443
    place, _, path = rest.partition("/")
    user, at, place = place.rpartition("@")
    split = _HOST_AND_PORT.fullmatch(place)
    host, port = (split[1] or split[2], split[3]) if split else (place.strip("[]"), "")
    if not (port.isascii() and port.isdigit() and int(port) <= 65535):
        port = str(default)
    path = re.sub(r"(?:^|/)v1$", "", path.strip("/"))
    base = f"{scheme}://{user}{at}{_reachable(host)}:{port}"
    return "/".join(part for part in (base, path, "v1") if part)


_OLLAMA_PORT = 11434
_HOST_AND_PORT = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*)):([^:]*)")


def _reachable(host: str | None) -> str:
    """The host as a URL writes it; for an address to listen on, this machine's."""
    if not host:
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"[{host}]" if ":" in host else host
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return str(address) if address.version == 4 else f"[{address}]"
