"""OpenAI's Chat Completions, the wire format most servers speak.

Source: https://platform.openai.com/docs/api-reference/chat and the documents of
the servers named in ``quirks``.

    protocol   the two halves under one name
    quirks     where a server's requests and counts differ, by name
    request    a conversation as a request body; content: one part of it
    parameters the common parameters as fields of the body
    reasoning_request   the model's own thinking on its way back
    decoder    bytes to chunks, chunks to events
    alike      chunks that repeat the one before but for their text
    fields     what each field of a chunk does; delta: what is said in it; plan: the tables' use
    calls      tool calls; reasoning, media, sources: the other things in a delta
    usage      token counts and finish reasons
"""

from nbstream.protocols.openai_chat.decoder import OpenAIChatDecoder
from nbstream.protocols.openai_chat.protocol import OpenAIChat
from nbstream.protocols.openai_chat.quirks import Quirks

__all__ = ["OpenAIChat", "OpenAIChatDecoder", "Quirks"]
