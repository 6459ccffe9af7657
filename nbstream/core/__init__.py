"""The event-stream core: values in, values out.

Standard library and pydantic only. No I/O, no asyncio, no notebook, no provider.
"""
