"""The one place that opens a socket: ``post``. Bytes go out, bytes come in.

Knows HTTP; refuses to know what a body means, and what a stream is. Only
``post`` and ``clients`` import httpx, which is dear; import what you need from
its own file.
"""
