"""Differences between Anthropic's own message and ours, for `scripts/recordings.py`.

`anthropic_final` makes the two comparable.
"""

from nbstream.core.message import Message
from tests.protocols.anthropic_final import said_by_sdk, said_by_us
from tests.recordings import Recording


def differences(message: Message, recording: Recording) -> list[str]:
    """What the library has otherwise than we do; empty when all is the same."""
    if message.finish_reason is None:
        return ["it broke off"] if recording.meta["terminal"] else []
    sdk, ours = said_by_sdk(recording.final), said_by_us(message)
    return [
        f"{name}: {ours.get(name)!r:.200} instead of {sdk[name]!r:.200}"
        for name in sdk
        if sdk[name] != ours.get(name)
    ]
