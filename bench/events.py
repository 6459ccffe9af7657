"""CPU per event, on the same bytes, in one run: `make bench`.

Prints the median of several rounds in microseconds of process time, and how
that compares with nbstream. The contenders take turns, so that whatever else
the machine does falls on all of them.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time

from bodies import BODIES, packets
from contenders import contenders


def measure(protocol: str, count: int, rounds: int) -> None:
    """One table."""
    body = packets(BODIES[protocol](count))
    field = contenders(protocol)
    times: dict[str, list[float]] = {name: [] for name in field}
    expected = field["nbstream"](body)
    for _ in range(rounds):
        for name, run in field.items():
            gc.collect()
            began = time.process_time()
            text = run(body)
            times[name].append((time.process_time() - began) / count * 1e6)
            assert text in ("", expected), f"{name} made something else of it"
    ours = statistics.median(times["nbstream"])
    print(f"\n{protocol}: {count:,} events, {sum(map(len, body)):,} bytes, {rounds} rounds")
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"  {name:24} {middle:8.2f} us   {middle / ours:6.2f} x nbstream")


def main() -> None:
    """All protocols, or the one named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("protocol", nargs="?", choices=BODIES)
    parser.add_argument("--count", type=int, default=5000, help="deltas in the answer")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    for protocol in [asked.protocol] if asked.protocol else BODIES:
        measure(protocol, asked.count, asked.rounds)


if __name__ == "__main__":
    main()
