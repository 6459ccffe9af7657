"""Addresses that are more than a base URL.

Knows how Azure, Google and Ollama write theirs. Refuses to know keys.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from nbstream.providers.model import Endpoint

AZURE_VERSION = "OPENAI_API_VERSION"


def plain(base_url: str, model: str, api_key: str | None) -> Endpoint:  # noqa: ARG001
    """The base URL as it is."""
    return Endpoint(base_url, api_key)


def azure(base_url: str, model: str, api_key: str | None) -> Endpoint:
    """An Azure OpenAI resource.

    With ``OPENAI_API_VERSION`` set, the model is the name of a deployment and
    stands in the address; without, the resource's ``v1`` API is used, which
    needs no version
    (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle).
    An address that already names its API is left as it is.
    """
    base = base_url.rstrip("/").removesuffix("/openai")
    version = os.environ.get(AZURE_VERSION)
    if re.search(r"/openai/|/v1$", base):
        named = "/deployments/" in base and version
        return Endpoint(base, api_key, query={"api-version": version} if named and version else {})
    if not version:
        return Endpoint(f"{base}/openai/v1", api_key)
    deployment = f"{base}/openai/deployments/{quote(model, safe='')}"
    return Endpoint(deployment, api_key, query={"api-version": version})


def google(base_url: str, model: str, api_key: str | None) -> Endpoint:  # noqa: ARG001
    """Google AI Studio, whose own libraries leave the version out of the base URL."""
    base = base_url.rstrip("/")
    return Endpoint(base if re.search(r"/v\d\w*(/|$)", base) else f"{base}/v1beta", api_key)


def ollama_host(value: str) -> str:
    """The address in ``OLLAMA_HOST``, which may lack the scheme and names what to listen on."""
    url = value if "://" in value else f"http://{value}"
    url = url.rstrip("/").replace("//0.0.0.0", "//127.0.0.1")
    if not re.search(r":\d+(/|$)", url.partition("://")[2]):
        url += ":11434"
    return url if url.endswith("/v1") else f"{url}/v1"
