"""Lists the differences between Anthropic's SDK and us, for ``scripts/recordings.py``."""

from nbstream.core.message import Message
from tests.protocols.anthropic_final import from_ours, from_sdk
from tests.recordings import Recording


def differences(message: Message, recording: Recording) -> list[str]:
    """The fields in which the SDK's message and ours differ."""
    if message.finish_reason is None:
        return ["it broke off"] if recording.meta["terminal"] else []
    sdk, ours = from_sdk(recording.final), from_ours(message)
    return [
        f"{name}: {ours.get(name)!r:.200} instead of {sdk[name]!r:.200}"
        for name in sdk
        if sdk[name] != ours.get(name)
    ]
