"""The only package that opens sockets. It sends a request and returns bytes.

Importing httpx takes long, so only ``streamed`` and ``clients`` do. Import from the file you
need; this package imports nothing.
"""
