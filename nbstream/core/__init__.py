"""The core: events, messages, the log that holds them, and parsers of JSON and event streams.

Also the values and helpers that all layers share, such as tool specs and secrets. Standard
library and pydantic only. No asyncio, no notebook, no provider. No I/O either, but for
``FilePart.save``, which writes a file.
"""
