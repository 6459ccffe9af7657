"""Runs in a process of its own: publishes an agent's run to Redis.

Usage: python -m tests.redis_streams.maker URL NAME LEASE. It prints a line in the middle of the
run, goes on when it gets one, and prints the messages as JSON at the end.
"""

import sys

import nbstream
from nbstream.messages import FilePart, ThinkingPart, ToolCallPart
from nbstream.testing import ScriptedModel

CALL = nbstream.assistant_message(
    ThinkingPart("Hm, let me see.", signature="s"),
    "Half a pair: \ud83d, and much text. " * 20,
    ToolCallPart("c1", "wait", '{"city": "Bern"}'),
)
LAST = nbstream.assistant_message("Rain. " * 100, FilePart("image/gif", b"GIF89a"))


def wait(city: str) -> str:
    """Wait for a line on stdin."""
    print("begun", flush=True)
    return city + sys.stdin.readline()


if __name__ == "__main__":
    _, url, name, lease = sys.argv
    model = ScriptedModel(CALL, LAST, delay=0.001)
    run = nbstream.Agent(model, tools=[wait]).run_stream_sync("Weather?")
    published = nbstream.to_redis(run, url, name, lease=float(lease))
    run.until_done()
    published.wait()
    print(nbstream.messages.messages_to_json(run.messages), flush=True)
