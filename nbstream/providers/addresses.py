"""Makes a model's endpoint from a provider's base URL, by the rules of Azure and Google.

Also reads the address in ``OLLAMA_HOST``.
"""

from __future__ import annotations

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
    """Convert ``OLLAMA_HOST`` to a base URL. It may lack the scheme or be a listen address."""
    url = value if "://" in value else f"http://{value}"
    url = url.rstrip("/").replace("//0.0.0.0", "//127.0.0.1")
    if not re.search(r":\d+(/|$)", url.partition("://")[2]):
        url += ":11434"
    return url if url.endswith("/v1") else f"{url}/v1"
