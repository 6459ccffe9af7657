"""How long one waits for what. Values only; ``post`` keeps to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; None is for ever.

    ``connect``: until there is a connection. ``first_byte``: from sending the
    request to the first byte of the answer; long, because a model may think in
    silence. ``between``: from any bytes to the next ones; a provider's pings
    count. ``job``: from a long job's beginning, such as a video's, to its end.
    """

    connect: float | None = 10.0
    first_byte: float | None = 600.0
    between: float | None = 300.0
    job: float | None = 1800.0
