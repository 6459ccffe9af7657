"""For users' own tests: streams and models that need no provider and no network.

    model = ScriptedModel("Hello.", RateLimitError("Too much at once."))
    stream = nbstream.stream(model, "hi")

``ScriptedModel`` can be passed wherever a model can. ``stream_from_message``,
``stream_from_messages`` and ``stream_from_events`` make a stream without a model.
"""

from nbstream.testing.events import (
    events_of,
    stream_from_events,
    stream_from_message,
    stream_from_messages,
)
from nbstream.testing.scripted import ScriptedModel, ScriptedRequest

__all__ = [
    "ScriptedModel",
    "ScriptedRequest",
    "events_of",
    "stream_from_events",
    "stream_from_message",
    "stream_from_messages",
]
