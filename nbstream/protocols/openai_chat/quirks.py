"""Settings for servers whose Chat Completions API differs from OpenAI's documentation.

A quirk is what a server needs in a request, or its own way of counting tokens.
Differences in responses are not quirks: the decoder accepts them from every server.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

LimitName = Literal["max_tokens", "max_completion_tokens"]
Effort = Literal["reasoning_effort", "reasoning", "thinking"]
Cache = Literal["key", "cache_control", "gateway", "none"]
Reasoning = Literal["as_received", "reasoning_content", "details", "chunks", "never"]
Schemas = Literal["strict", "plain", "object", "words"]
Roles = Literal["any", "alternate", "mistral"]


@dataclass(frozen=True, slots=True)
class Quirks:
    """One server's differences. The defaults suit an unknown server.

    What the parameters become:

    * ``limit``: the field of ``max_tokens=``. Many servers know only ``max_tokens``.
    * ``seed``: the field of ``seed=``.
    * ``effort``: the field of ``reasoning=``. ``reasoning`` is an object that also takes a
      number of tokens; ``thinking`` is DeepSeek's switch beside ``reasoning_effort``.
    * ``cache``: what ``cache=`` becomes. A string is the ``key`` (``prompt_cache_key``); True
      is ``cache_control`` or the ``gateway``'s option. ``none`` has no field for it.
    * ``lacks``: parameters that the server does not have, each with a remedy.

    Messages and the rest of the request:

    * ``usage_option``: ask for usage by ``stream_options``. Off where servers
      send it anyway and may reject the option.
    * ``reasoning``: how the model's own thinking is sent back. ``as_received`` and
      ``reasoning_content`` send plain thinking only inside a tool loop, as documented;
      ``details`` and ``chunks`` always.
    * ``audio_is_bare``: ``input_audio`` is the data itself, not an object.
    * ``documents_by_url``: files are ``document_url`` chunks.
    * ``roles``: ``alternate`` allows system messages only at the start, and then the user's
      first. ``mistral`` also wants a model's message between results of tools and the user's
      next one, calls' ids of nine letters and digits, and a mark on a last message of the model.
    * ``images_back``: the model's own images are sent back as ``images``.
    * ``key_header``: the header for the key; None means a bearer token.
    * ``progress``: ask for progress events while the server processes the prompt.
    * ``schemas``: how an answer of a type is asked for. ``strict`` is a schema as
      OpenAI restricts it; ``plain`` is any schema, for servers that make a grammar of
      it; ``object`` is JSON of any shape, with the schema in the prompt; ``words`` is the
      schema in the prompt alone.
    * ``openai_models``: the models are OpenAI's, so their names say what they support.

    Counts:

    * ``reasoning_apart``: ``completion_tokens`` leaves thinking tokens out.
    """

    limit: LimitName = "max_tokens"
    seed: str = "seed"
    effort: Effort = "reasoning_effort"
    cache: Cache = "key"
    lacks: Mapping[str, str] = field(default_factory=dict, hash=False)
    usage_option: bool = True
    reasoning: Reasoning = "as_received"
    reasoning_apart: bool = False
    audio_is_bare: bool = False
    documents_by_url: bool = False
    images_back: bool = False
    key_header: str | None = None
    progress: bool = False
    schemas: Schemas = "strict"
    openai_models: bool = False
    roles: Roles = "any"


_OUT = "Leave it out."
_TOP_P = "Leave it out, or use top_p=."
_SAY_IT = "Leave it out, and say in the prompt how long the answer should be."

STANDARD = Quirks()

# "max_tokens ... is now deprecated in favor of max_completion_tokens, and is not
# compatible with o-series models" (OpenAI, API reference). Unknown fields in
# messages are rejected.
OPENAI = Quirks(
    limit="max_completion_tokens",
    reasoning="never",
    lacks={"top_k": _TOP_P},
    openai_models=True,
)

# https://learn.microsoft.com/azure/ai-foundry/openai/reference: the key has no "Bearer".
AZURE = Quirks(
    limit="max_completion_tokens",
    reasoning="never",
    lacks={"top_k": _TOP_P},
    openai_models=True,
    key_header="api-key",
)

# https://docs.mistral.ai/api: unknown fields are rejected; usage is always in the last chunk;
# thinking goes back as content chunks; audio and documents have shapes of their own.
# https://github.com/mistralai/mistral-common: the order of roles, and the ids of calls.
MISTRAL = Quirks(
    seed="random_seed",
    lacks={"verbosity": _SAY_IT, "user": "Leave it out, or name the user in metadata=."},
    usage_option=False,
    reasoning="chunks",
    audio_is_bare=True,
    documents_by_url=True,
    roles="mistral",
)

# https://api-docs.deepseek.com/api/create-chat-completion and .../guides/thinking_mode: within
# one tool loop reasoning_content must be sent back. .../guides/json_mode: response_format is
# json_object, and the prompt describes the rest. .../guides/kv_cache: always on, without a field.
DEEPSEEK = Quirks(
    effort="thinking",
    cache="none",
    lacks={
        "top_k": _TOP_P,
        "seed": _OUT,
        "verbosity": _SAY_IT,
        "service_tier": _OUT,
        "metadata": _OUT,
        "parallel_tool_calls": "Leave it out, and ask for one call in the prompt.",
    },
    reasoning="reasoning_content",
    schemas="object",
)

# https://console.groq.com/docs/api-reference#chat-create: max_tokens is deprecated.
# https://console.groq.com/docs/structured-outputs: "Streaming and tool use are not currently
# supported with Structured Outputs." JSON mode does not stream either.
GROQ = Quirks(
    limit="max_completion_tokens",
    lacks={"top_k": _TOP_P},
    cache="none",
    schemas="words",
)

# https://openrouter.ai/docs/use-cases/reasoning-tokens: reasoning_details go back
# as they came, in their order; .../features/prompt-caching: cache_control, for Claude.
OPENROUTER = Quirks(
    effort="reasoning", cache="cache_control", reasoning="details", images_back=True
)

# https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions follows OpenRouter;
# https://vercel.com/docs/ai-gateway/models-and-providers/automatic-caching.
GATEWAY = Quirks(effort="reasoning", cache="gateway", reasoning="details", images_back=True)

# https://docs.x.ai/docs/api-reference#chat-completions: max_tokens is deprecated.
# https://docs.x.ai/docs/guides/reasoning: reasoning tokens are counted beside the completion's.
XAI = Quirks(limit="max_completion_tokens", lacks={"top_k": _TOP_P}, reasoning_apart=True)

# https://docs.perplexity.ai/api-reference/chat-completions: usage in every chunk. "After the
# (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."
PERPLEXITY = Quirks(usage_option=False, reasoning="never", roles="alternate")

# https://inference-docs.cerebras.ai/api-reference/chat-completions.
CEREBRAS = Quirks(limit="max_completion_tokens")

# The server on this machine. llama.cpp notices that a client has left only when it writes to it;
# with progress events it also does so while it reads a long prompt. It ignores fields that it
# does not know (tools/server/README.md has those that it knows), so they are refused here.
LLAMA_CPP = Quirks(
    cache="none",
    lacks={
        "reasoning": 'Use extra_body={"chat_template_kwargs": {"enable_thinking": False}}.',
        "verbosity": _SAY_IT,
        "service_tier": _OUT,
        "user": _OUT,
        "metadata": _OUT,
    },
    progress=True,
    schemas="plain",
)

# https://docs.ollama.com/api/openai-compatibility lists the fields; others are ignored.
OLLAMA = Quirks(
    cache="none",
    lacks={
        "top_k": "Set it in the Modelfile (PARAMETER top_k), or use top_p=.",
        "verbosity": _SAY_IT,
        "service_tier": _OUT,
        "parallel_tool_calls": "Leave it out, and ask for one call in the prompt.",
        "user": _OUT,
        "metadata": _OUT,
    },
    schemas="plain",
)

# Servers on one's own machine make a grammar of any schema: llama.cpp (tools/server/README.md),
# https://docs.vllm.ai/en/latest/features/structured_outputs.html,
# https://ollama.com/blog/structured-outputs, https://lmstudio.ai/docs/app/api/structured-output.
OWN = Quirks(schemas="plain")
