"""The core: events, messages, and the log that holds them. It takes and returns values only.

Standard library and pydantic only. No I/O, no asyncio, no notebook, no provider.
"""
