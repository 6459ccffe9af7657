"""For users' own tests: streams and models that need no provider and no network.

    model = ScriptedModel("Hello.", RateLimitError("Too much at once."))
    stream = nbstream.stream(model, "hi")

``ScriptedModel`` stands wherever a model may; ``stream_from_events`` and
``stream_from_message`` make a stream of what one has at hand.
"""

from nbstream.testing.events import events_of, stream_from_events, stream_from_message
from nbstream.testing.scripted import ScriptedModel, ScriptedRequest

__all__ = [
    "ScriptedModel",
    "ScriptedRequest",
    "events_of",
    "stream_from_events",
    "stream_from_message",
]
