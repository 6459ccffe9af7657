"""Sends HTTP requests and returns response bytes. The only package that opens connections.

Importing httpx takes long, so only ``streamed``, ``clients`` and what imports them (``buffered``)
do. Import from the file you need; this package imports nothing.
"""
