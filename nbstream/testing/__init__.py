"""For users' own tests: models and streams that need no provider and no network.

    model = ScriptedModel("Hello.", RateLimitError("Too many requests."))
    stream = nbstream.stream(model, "hi")

A ``ScriptedModel`` can be used wherever a model can. ``stream_from_events`` and
``stream_from_message`` make a stream of given events or of a message.
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
