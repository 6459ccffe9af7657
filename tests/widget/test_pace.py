"""When the bridge may send next, by the pace of the answer and how many there are."""

import pytest

from nbstream.widget.pace import FIRST_PHASE, LONGEST, SHORTEST, TOGETHER, Pace


def interval(length: int, *, at: float = FIRST_PHASE + 1) -> float:
    """The interval after a second message with so many characters, ``LONGEST`` after the first."""
    pace = Pace(0.0)
    pace.begin(length, at - LONGEST)
    pace.end()
    found = pace.begin(length, at)
    pace.end()
    return found


def test_the_first_words_come_smoothly() -> None:
    assert interval(1, at=FIRST_PHASE / 2) == SHORTEST


def test_a_fast_answer_is_sent_more_often_than_a_slow_one() -> None:
    assert interval(4) == interval(0) == LONGEST
    assert SHORTEST < interval(120) < LONGEST
    assert interval(1_000) == SHORTEST


@pytest.mark.parametrize(("rate", "most"), [(1_000, 16), (200, 62), (100, 112)])
def test_a_small_answer_costs_few_messages(rate: int, most: int) -> None:
    # Of 500 deltas. A message costs about 640 bytes, and all else of a cell 14 kB.
    pace, now, last, count = Pace(0.0), 0.0, 0.0, 0
    while now < 500 / rate:
        wait = pace.begin(int(5 * rate * (now - last)), now)
        pace.end()
        now, last, count = now + wait, now, count + 1
    assert count <= most


def test_many_answers_share_the_rate() -> None:
    paces = [Pace(0.0) for _ in range(40)]
    found = [pace.begin(1_000, FIRST_PHASE / 2) for pace in paces]
    assert found[0] == SHORTEST
    assert found[-1] == pytest.approx(len(paces) / TOGETHER, rel=0.2)  # of other tests, too
    for pace in paces:
        pace.end()
    assert interval(1_000) == SHORTEST
