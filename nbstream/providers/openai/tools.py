"""The tools that OpenAI runs itself, in its Responses API only (models ``openai/...``).

    nbstream.stream(model, "Draw the sea.", tools=[tools.image_generation()])

A setting of None is not sent, so OpenAI's default applies. Where results must be asked for by
``include``, the tool does so.

Source: https://platform.openai.com/docs/api-reference/responses/create (``tools``,
``include``) and the guide of each tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbstream.core.tool_spec import ProviderTool
from nbstream.errors import UsageError
from nbstream.providers.tool_settings import row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Size = Literal["low", "medium", "high"]


def web_search(
    *,
    search_context_size: Size | None = None,
    allowed_domains: Sequence[str] | None = None,
    user_location: Mapping[str, str] | None = None,
    sources: bool = True,
) -> ProviderTool:
    """Web search, with citations.

    ``search_context_size`` is how much of the pages the model reads (OpenAI's
    default: medium). ``user_location`` has ``city``, ``region``, ``country``
    (two letters) and ``timezone``. ``sources`` (default True): also give all
    pages that were found, not only the cited ones.
    """
    place = {"type": "approximate", **user_location} if user_location else None
    domains = {"allowed_domains": list(allowed_domains)} if allowed_domains else None
    needs = ("web_search_call.action.sources",) if sources else ()
    settings = {"filters": domains, "user_location": place}
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

    ``results`` (default True): also give the passages that were found.
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

    ``container`` is the id of an existing one. None (the default) makes a new one with
    the files ``file_ids`` and ``memory_limit``, for example ``"4g"``.
    ``outputs`` (default True): also give what the code printed and drew.
    """
    fresh = row({"type": "auto"}, {"file_ids": file_ids, "memory_limit": memory_limit})
    needs = ("code_interpreter_call.outputs",) if outputs else ()
    return _tool("code_interpreter", needs, container=container or fresh)


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
    """Draws and edits pictures.

    ``partial_images`` (0 to 3, default 0) arrive as ``FileEvent``s while it draws;
    ``size`` is ``"1024x1536"`` or ``"auto"``, in pixels.
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
    """The tools of a remote MCP server, called by OpenAI.

    ``require_approval`` is ``"always"`` (OpenAI's default) or ``"never"``. An
    ``authorization`` and ``headers`` are sent to OpenAI, which does not keep them.

    Raises:
        UsageError: neither a ``server_url`` nor a ``connector_id`` is given.
    """
    if not server_url and not connector_id:
        raise UsageError("mcp() needs server_url= or connector_id=.")
    settings = {
        "server_url": server_url,
        "connector_id": connector_id,
        "authorization": authorization,
        "headers": headers,
        "allowed_tools": allowed_tools,
        "require_approval": require_approval,
        "server_description": server_description,
    }
    found = row({"type": "mcp", "server_label": server_label}, settings)
    return ProviderTool(server_label, "openai_responses", found)


def _tool(name: str, needs: tuple[str, ...] = (), **settings: Any) -> ProviderTool:
    return ProviderTool(name, "openai_responses", row({"type": name}, settings), needs=needs)
