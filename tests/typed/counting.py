"""Measures work in function calls, which do not depend on the machine's speed."""

import sys
from collections.abc import Callable


def calls(run: Callable[[], object]) -> int:
    """How many function calls ``run`` made, C functions included."""
    count = 0

    def tell(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tell)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def is_flat(text: str, read: Callable[[str], object]) -> bool:
    """Whether pieces of 5 characters cost at most twice as much anywhere as at the beginning.

    For a text of opening and then closing brackets the middle counts as a second
    beginning.
    """
    pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
    tenth = len(pieces) // 10
    costs = []
    for part in range(10):

        def run(part: int = part) -> None:
            for piece in pieces[part * tenth : (part + 1) * tenth]:
                read(piece)

        costs.append(calls(run))
    return max(costs[1:]) <= 2 * max(costs[0], costs[5])
