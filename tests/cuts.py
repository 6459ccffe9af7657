"""Splits a body into pieces in different ways, as a network may."""

import itertools
import random
from collections.abc import Iterator


def ways(body: bytes, seed: int = 0) -> Iterator[tuple[str, list[bytes]]]:
    """The whole body, single bytes, and pieces of random length; each with a name."""
    yield "whole", [body]
    yield "byte by byte", [body[i : i + 1] for i in range(len(body))]
    chance = random.Random(seed)
    for number in range(3):
        places = sorted(chance.sample(range(len(body) + 1), min(len(body), 12)))
        edges = [0, *places, len(body)]
        yield f"cut {number}", [body[a:b] for a, b in itertools.pairwise(edges)]
