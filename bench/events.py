"""Compares the CPU time per event of nbstream and other clients on the same bytes: `make bench`.

Prints the median of several rounds in microseconds of process time, and its ratio to
nbstream. The clients take turns, so that other load on the machine affects all of them.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time

from bodies import BODIES, packets
from clients import LOWER_BOUND, clients


def measure(protocol: str, count: int, rounds: int) -> None:
    """Measure every client for one protocol and print a table of the times."""
    body = packets(BODIES[protocol](count))
    runs = clients(protocol)
    times: dict[str, list[float]] = {name: [] for name in runs}
    expected = runs["nbstream"](body)
    for _ in range(rounds):
        for name, run in runs.items():
            gc.collect()
            began = time.process_time()
            text = run(body)
            times[name].append((time.process_time() - began) / count * 1e6)
            assert text == ("" if name == LOWER_BOUND else expected), f"{name} gave another text"
    ours = statistics.median(times["nbstream"])
    print(f"\n{protocol}: {count:,} events, {sum(map(len, body)):,} bytes, {rounds} rounds")
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"  {name:24} {middle:8.2f} us   {middle / ours:6.2f} x nbstream")


def main() -> None:
    """Measure all protocols, or only the one named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("protocol", nargs="?", choices=BODIES)
    parser.add_argument("--count", type=int, default=5000, help="deltas in the answer")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for protocol in [args.protocol] if args.protocol else BODIES:
        measure(protocol, args.count, args.rounds)


if __name__ == "__main__":
    main()
