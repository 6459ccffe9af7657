"""Where servers differ from OpenAI's document, by name.

Knows what a request must look like for one server and how it counts. Refuses to
hold what is harmless to accept from everybody: the decoder simply accepts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LimitName = Literal["max_tokens", "max_completion_tokens"]
Reasoning = Literal["as_it_came", "reasoning_content", "details", "chunks", "never"]
Schemas = Literal["strict", "plain", "object", "words"]


@dataclass(frozen=True, slots=True)
class Quirks:
    """One server's deviations; the defaults suit a server of which nothing is known.

    * ``usage_option``: ask for usage by ``stream_options``. Off where servers
      send it unasked and may reject the option.
    * ``limit``: what the limit on output is called; None sends it as given.
    * ``reasoning``: how the model's own thinking goes back to it.
      ``as_it_came`` and ``reasoning_content`` send plain thinking only inside a
      tool loop, as the documents ask; ``details`` and ``chunks`` always.
    * ``reasoning_apart``: ``completion_tokens`` leaves thinking tokens out.
    * ``audio_is_bare``: ``input_audio`` is the data itself, not an object.
    * ``documents_by_url``: files are ``document_url`` chunks.
    * ``images_back``: the model's own images go back as ``images``.
    * ``key_header``: the header for the key, bare; None means a bearer token.
    * ``progress``: ask for news while the prompt is read.
    * ``schemas``: how an answer of a type is asked for. ``strict`` is a schema as
      OpenAI writes it; ``plain`` any schema, for servers that make a grammar of
      it; ``object`` is JSON of any shape, and the schema in words; ``words`` alone.
    """

    usage_option: bool = True
    limit: LimitName | None = None
    reasoning: Reasoning = "as_it_came"
    reasoning_apart: bool = False
    audio_is_bare: bool = False
    documents_by_url: bool = False
    images_back: bool = False
    key_header: str | None = None
    progress: bool = False
    schemas: Schemas = "strict"


STANDARD = Quirks()

# "max_tokens ... is now deprecated in favor of max_completion_tokens, and is not
# compatible with o-series models" (OpenAI, API reference). Unknown fields in
# messages are rejected.
OPENAI = Quirks(limit="max_completion_tokens", reasoning="never")

# https://learn.microsoft.com/azure/ai-foundry/openai/reference: the key stands bare.
AZURE = Quirks(limit="max_completion_tokens", reasoning="never", key_header="api-key")

# https://docs.mistral.ai/api: usage comes unasked in the last chunk, thinking
# goes back as content chunks, audio and documents have shapes of their own.
MISTRAL = Quirks(
    usage_option=False,
    limit="max_tokens",
    reasoning="chunks",
    audio_is_bare=True,
    documents_by_url=True,
)

# https://api-docs.deepseek.com/guides/thinking_mode: within one question's tool
# calls reasoning_content must be sent back; before the last question it need not.
# .../guides/json_mode: response_format is json_object, and the prompt says the rest.
DEEPSEEK = Quirks(limit="max_tokens", reasoning="reasoning_content", schemas="object")

# https://console.groq.com/docs/structured-outputs: "Streaming and tool use are not
# currently supported with Structured Outputs." Its JSON mode does not stream either.
GROQ = Quirks(schemas="words")

# https://openrouter.ai/docs/use-cases/reasoning-tokens: reasoning_details go back
# as they came, in their order. The gateway follows it.
OPENROUTER = Quirks(reasoning="details", images_back=True)
GATEWAY = OPENROUTER

# https://docs.x.ai/docs/guides/reasoning: reasoning tokens are counted beside the
# completion's. Its total says the same.
XAI = Quirks(reasoning_apart=True)

# https://docs.perplexity.ai/api-reference/chat-completions: usage in every chunk.
PERPLEXITY = Quirks(usage_option=False, limit="max_tokens", reasoning="never")

# llama.cpp notices that a client has left only when it writes to it; with news of
# its progress that is also while it reads a long prompt.
LLAMA_CPP = Quirks(limit="max_tokens", progress=True, schemas="plain")

# Servers that know only the older name of the limit.
OLDER_LIMIT = Quirks(limit="max_tokens")

# Servers on one's own machine make a grammar of any schema: llama.cpp (tools/server/README.md),
# https://docs.vllm.ai/en/latest/features/structured_outputs.html,
# https://ollama.com/blog/structured-outputs, https://lmstudio.ai/docs/app/api/structured-output.
OWN = Quirks(schemas="plain")
OWN_OLDER_LIMIT = Quirks(limit="max_tokens", schemas="plain")
