"""The protocol for OpenAI's Chat Completions, the API that most model servers offer.

    protocol         ``OpenAIChat``: builds requests and makes decoders
    quirks           how servers differ, by name
    request          builds the request; tools, structured: its options
    history          the conversation in it; content: one part; reasoning_request: earlier thinking
    parameters       parameters as fields of the body
    decoder          from bytes to events; decoder_state: its state
    repeat_chunk     fast path for chunks that only differ in their text
    chunk_fields     handlers for the fields of a chunk
    delta_fields     handlers for the fields of a delta; dispatch: how handlers are found
    part_writer      starts and ends parts, because the format only has deltas
    calls            tool calls; server_tools, reasoning, media, citations: other content
    usage            token counts and finish reasons

Source: https://platform.openai.com/docs/api-reference/chat and the documentation of the
servers in ``quirks``.
"""

from nbstream.protocols.openai_chat.decoder import OpenAIChatDecoder
from nbstream.protocols.openai_chat.protocol import OpenAIChat
from nbstream.protocols.openai_chat.quirks import Quirks

__all__ = ["OpenAIChat", "OpenAIChatDecoder", "Quirks"]
