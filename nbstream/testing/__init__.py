"""For users' own tests: streams and models that need no provider and no network.

    model = ScriptedModel("Hello.", RateLimitError("Too much at once."))
    stream = nbstream.stream(model, "hi")

``ScriptedModel`` stands wherever a model may; ``stream_from_events`` makes a stream
of events, ``nbstream.replay_message`` one of a message.
"""

from nbstream.testing.events import stream_from_events
from nbstream.testing.scripted import ScriptedModel, ScriptedRequest

__all__ = [
    "ScriptedModel",
    "ScriptedRequest",
    "stream_from_events",
]
