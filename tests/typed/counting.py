"""Work counted in function calls, which do not depend on the machine."""

import sys
from collections.abc import Callable


def calls(run: Callable[[], object]) -> int:
    """How many functions ``run`` called, those written in C too."""
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
    """Whether reading ``text`` in pieces of 5 costs no more anywhere than twice the beginning.

    A text of opening and then closing brackets has two beginnings: its middle
    is the other.
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
