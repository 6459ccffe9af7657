"""Runs in a process of its own: watches a stream through Redis.

Usage: python -m tests.redis_streams.watcher URL NAME. It prints a line once text has come, and the
messages as JSON at the end.
"""

import sys

import nbstream

if __name__ == "__main__":
    stream = nbstream.from_redis(sys.argv[1], sys.argv[2])
    pieces = stream.text_stream
    print(f"came: {next(pieces)!r}", flush=True)
    for _ in pieces:
        pass
    print(nbstream.messages.messages_to_json(stream.messages), flush=True)
