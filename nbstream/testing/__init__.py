"""Streams and models for users' tests: no provider, no network.

    model = ScriptedModel("Hello.", RateLimitError("Too much at once."))
    stream = nbstream.stream(model, "hi")

``ScriptedModel`` can be passed wherever a model can. ``stream_from_events`` and
``stream_from_messages`` make a stream without a model; ``nbstream.replay_message``
makes one of a single message. ``events_of`` lists the events of a message.
"""

from nbstream.streams.replay import events_of
from nbstream.testing.events import stream_from_events, stream_from_messages
from nbstream.testing.scripted import ScriptedModel, ScriptedRequest

__all__ = [
    "ScriptedModel",
    "ScriptedRequest",
    "events_of",
    "stream_from_events",
    "stream_from_messages",
]


def __dir__() -> list[str]:
    return __all__  # what Tab offers
