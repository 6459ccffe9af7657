"""Plays every recording and counts where we and the vendor's SDK agree.

    python scripts/recordings.py [protocol ...]

What agreeing means is in tests/protocols/compare_<protocol>.py: each has
`differences(message, recording) -> list[str]`, which is empty when the two say the same.
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
    """Print the table, then each recording that differs and how."""
    print_row("protocol", "provider", "recordings", "equal", "no final", "differing")
    different: list[str] = []
    for protocol in names or PROTOCOLS:
        if not recordings(protocol):
            print(f"{protocol:18}{MISSING}")
            continue
        rows = [(one, judged(one)) for one in recordings(protocol)]
        print_rows(protocol, rows)
        for recording, found in rows:
            if found:
                different += [f"{protocol}/{recording.name}", *(f"    {one}" for one in found)]
    for line in different:
        print(line)
    return bool(different)


def judged(recording: Recording) -> list[str]:
    """What is not as it should be."""
    name = recording.protocol.replace("-", "_")
    differences: Differences = importlib.import_module(
        f"tests.protocols.compare_{name}"
    ).differences
    return differences(played(recording), recording)


def played(recording: Recording) -> Message:
    """What the recording amounts to, as far as it goes."""
    stream = nbstream.replay(recording.body, recording.protocol)
    stream.wait()
    error = stream.error
    if error is not None and not isinstance(error, StreamError):
        raise error
    # The comparisons know an answer that broke off by its having no finish reason.
    return stream.message if error is None else replace(stream.message, finish_reason=None)


def print_rows(protocol: str, rows: list[tuple[Recording, list[str]]]) -> None:
    """A row a provider, the most recorded first, and one for all of them.

    Where the SDK raised there is no final; what could be compared then was.
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
    """One line of the table."""
    print(f"{protocol:18}{provider:22}" + "".join(f"{number:>11}" for number in numbers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
