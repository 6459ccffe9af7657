"""Functions that make the tools that OpenAI runs itself, in its Responses API only.

The models are those called ``openai/...``.

    nbstream.stream(model, "Draw the sea.", tools=[tools.image_generation()])

Where the API omits a tool's results, the tool also requests them (``sources=``, ``results=``,
``outputs=``). A setting of None is not sent; OpenAI's default then applies.

Source: https://platform.openai.com/docs/api-reference/responses/create (``tools``,
``include``) and the guide of each tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbstream.core.tool_spec import ProviderTool
from nbstream.errors import UsageError
from nbstream.providers.tool_settings import with_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["code_interpreter", "file_search", "image_generation", "mcp", "web_search"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers


Size = Literal["low", "medium", "high"]


def web_search(
    *,
    search_context_size: Size | None = None,
    allowed_domains: Sequence[str] | None = None,
    user_location: Mapping[str, str] | None = None,
    sources: bool = True,
) -> ProviderTool:
    """Web search, with citations in the answer.

    Args:
        search_context_size: how much of the pages the model reads (OpenAI's default: medium).
        allowed_domains: search these domains only.
        user_location: any of ``city``, ``region``, ``country`` (two letters), ``timezone``.
        sources: also return all pages found, not only the cited ones.

    Source: https://platform.openai.com/docs/guides/tools-web-search

    >>> nbstream.providers.openai.tools.web_search(search_context_size="low").row
    {'type': 'web_search', 'search_context_size': 'low'}
    """
    location = {"type": "approximate", **user_location} if user_location else None
    domains = {"allowed_domains": list(allowed_domains)} if allowed_domains else None
    needs = ("web_search_call.action.sources",) if sources else ()
    settings = {"filters": domains, "user_location": location}
    return _tool("web_search", needs, search_context_size=search_context_size, **settings)


def file_search(
    vector_store_ids: Sequence[str],
    *,
    max_num_results: int | None = None,
    filters: Mapping[str, Any] | None = None,
    ranking_options: Mapping[str, Any] | None = None,
    results: bool = True,
) -> ProviderTool:
    """Searches files in OpenAI's vector stores.

    Args:
        vector_store_ids: the stores to search.
        max_num_results: the highest number of passages.
        filters: conditions on the files' attributes, as OpenAI writes them.
        ranking_options: ``ranker`` and ``score_threshold``, as OpenAI writes them.
        results: also return the passages found.

    Source: https://platform.openai.com/docs/guides/tools-file-search

    >>> nbstream.providers.openai.tools.file_search(["vs_1"], max_num_results=3).row
    {'type': 'file_search', 'vector_store_ids': ['vs_1'], 'max_num_results': 3}
    """
    return _tool(
        "file_search",
        ("file_search_call.results",) if results else (),
        vector_store_ids=list(vector_store_ids),
        max_num_results=max_num_results,
        filters=filters,
        ranking_options=ranking_options,
    )


def code_interpreter(
    *,
    container: str | None = None,
    file_ids: Sequence[str] | None = None,
    memory_limit: str | None = None,
    outputs: bool = True,
) -> ProviderTool:
    """Runs Python in OpenAI's container.

    Args:
        container: the id of an existing container. None (the default) makes a new one.
        file_ids: the files to put into a new container.
        memory_limit: the memory of a new container, such as ``"4g"``.
        outputs: also return what the code printed and drew.

    Source: https://platform.openai.com/docs/guides/tools-code-interpreter

    >>> nbstream.providers.openai.tools.code_interpreter(memory_limit="4g").row["container"]
    {'type': 'auto', 'memory_limit': '4g'}
    """
    new_container = with_settings(
        {"type": "auto"}, {"file_ids": file_ids, "memory_limit": memory_limit}
    )
    needs = ("code_interpreter_call.outputs",) if outputs else ()
    return _tool("code_interpreter", needs, container=container or new_container)


def image_generation(
    *,
    partial_images: int | None = None,
    size: str | None = None,
    quality: str | None = None,
    background: str | None = None,
    output_format: Literal["png", "jpeg", "webp"] | None = None,
    output_compression: int | None = None,
    input_fidelity: Literal["low", "high"] | None = None,
    model: str | None = None,
) -> ProviderTool:
    """Makes and edits images.

    Args:
        partial_images: how many drafts to send as ``FileEvent``, 0 to 3 (OpenAI's default: 0).
        size: width and height in pixels, such as ``"1024x1536"``, or ``"auto"``.
        quality: ``"low"``, ``"medium"``, ``"high"`` or ``"auto"``.
        background: ``"transparent"``, ``"opaque"`` or ``"auto"``.
        output_format: the file format.
        output_compression: 0 to 100, for jpeg and webp.
        input_fidelity: how closely input images are followed.
        model: the image model.

    Source: https://platform.openai.com/docs/guides/tools-image-generation

    >>> nbstream.providers.openai.tools.image_generation(size="1024x1536", quality="low").row
    {'type': 'image_generation', 'size': '1024x1536', 'quality': 'low'}
    """
    return _tool(
        "image_generation",
        partial_images=partial_images,
        size=size,
        quality=quality,
        background=background,
        output_format=output_format,
        output_compression=output_compression,
        input_fidelity=input_fidelity,
        model=model,
    )


def mcp(
    server_label: str,
    server_url: str | None = None,
    *,
    connector_id: str | None = None,
    authorization: str | None = None,
    headers: Mapping[str, str] | None = None,
    allowed_tools: Sequence[str] | None = None,
    require_approval: str | Mapping[str, Any] | None = None,
    server_description: str | None = None,
) -> ProviderTool:
    """Lets OpenAI call the tools of a remote MCP server.

    Args:
        server_label: a name for the server in the answer.
        server_url: its address. Or pass ``connector_id``.
        connector_id: the id of a connector that OpenAI provides.
        authorization: an OAuth token for the server. OpenAI does not store it.
        headers: HTTP headers for the server. OpenAI does not store them.
        allowed_tools: the names of the tools that may be called. None means all.
        require_approval: ``"always"`` (OpenAI's default), ``"never"``, or a dict by tool.
        server_description: tells the model what the server is for.

    >>> docs = nbstream.providers.openai.tools.mcp("docs", "https://mcp.example.org/sse")
    >>> docs.row["server_label"]
    'docs'

    Raises:
        UsageError: neither ``server_url`` nor ``connector_id`` is given.

    Source: https://platform.openai.com/docs/guides/tools-connectors-mcp
    """
    if not server_url and not connector_id:
        raise UsageError(
            "An MCP tool needs a server_url or a connector_id, and neither is given.",
            remedy="Pass server_url='https://...', or the connector_id of an OpenAI connector.",
        )
    settings = {
        "server_url": server_url,
        "connector_id": connector_id,
        "authorization": authorization,
        "headers": headers,
        "allowed_tools": allowed_tools,
        "require_approval": require_approval,
        "server_description": server_description,
    }
    definition = with_settings({"type": "mcp", "server_label": server_label}, settings)
    return ProviderTool(server_label, "openai_responses", definition)


def _tool(name: str, needs: tuple[str, ...] = (), **settings: Any) -> ProviderTool:
    definition = with_settings({"type": name}, settings)
    return ProviderTool(name, "openai_responses", definition, needs=needs)
