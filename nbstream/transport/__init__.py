"""Sends HTTP requests and returns response bytes. The only package that opens connections.

streamed, buffered                   one request; its response as a stream of bytes, or whole
body                                 the request's body as JSON
clients, custom_client               the shared HTTP clients, by route; the user's client
proxies, certificates, hosts         what the environment says about a request's destination
failures, connection_errors          a server's failure, and the HTTP client's, as our errors
retries, timeouts                    when to send again, and how long to wait

Importing httpx takes long, so only ``clients`` does, at the first request. Import from the file
you need; this package imports nothing.
"""
