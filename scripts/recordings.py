"""Compares the messages that nbstream and the vendors' SDKs read from recorded responses.

    python scripts/recordings.py [protocol ...]

Prints how many recordings are read alike, and how each of the others differs; the exit status is 1
if any does. `differences(message, recording) -> list[str]` in
tests/protocols/compare_<protocol>.py compares one; its list is empty if both are equal.
"""

import importlib
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import nbstream
from nbstream.core.message import Message
from nbstream.errors import StreamError
from tests.recordings import MISSING, Recording, recordings

PROTOCOLS = ("anthropic", "openai-responses", "openai-chat", "gemini")
Differences = Callable[[Message, Recording], list[str]]


def main(names: list[str]) -> int:
    """Print the table of counts, then each recording that differs and in what."""
    print_row("protocol", "provider", "recordings", "equal", "no final", "differing")
    different: list[str] = []
    for protocol in names or PROTOCOLS:
        if not recordings(protocol):
            print(f"{protocol:18}{MISSING}")
            continue
        rows = [(one, differences_of(one)) for one in recordings(protocol)]
        print_rows(protocol, rows)
        for recording, found in rows:
            if found:
                different += [f"{protocol}/{recording.name}", *(f"    {one}" for one in found)]
    for line in different:
        print(line)
    return bool(different)


def differences_of(recording: Recording) -> list[str]:
    """The differences between nbstream's and the SDK's reading of one recording."""
    name = recording.protocol.replace("-", "_")
    differences: Differences = importlib.import_module(
        f"tests.protocols.compare_{name}"
    ).differences
    return differences(replayed(recording), recording)


def replayed(recording: Recording) -> Message:
    """The message that nbstream reads from the recording; an incomplete one if that broke off."""
    stream = nbstream.replay(recording.body, recording.protocol)
    stream.wait()
    error = stream.error
    if error is not None and not isinstance(error, StreamError):
        raise error
    # The comparisons know an answer that broke off by its having no finish reason.
    return stream.message if error is None else replace(stream.message, finish_reason=None)


def print_rows(protocol: str, rows: list[tuple[Recording, list[str]]]) -> None:
    """Print one row for each provider, the one with most recordings first, and a row for all.

    "no final": the SDK raised an error, so only what it had read by then was compared.
    """
    counts = {"all": Counter[str]()}
    for recording, found in rows:
        kind = "differing" if found else "equal" if recording.final else "no final"
        for name in (recording.provider or "?", "all"):
            counts.setdefault(name, Counter())[kind] += 1
    for name, count in sorted(
        counts.items(), key=lambda pair: (pair[0] == "all", -pair[1].total())
    ):
        numbers = (count[kind] for kind in ("equal", "no final", "differing"))
        print_row(protocol, name, count.total(), *numbers)


def print_row(protocol: str, provider: str, *numbers: int | str) -> None:
    """Print one line of the table."""
    print(f"{protocol:18}{provider:22}" + "".join(f"{number:>11}" for number in numbers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
