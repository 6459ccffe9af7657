"""``-a``: what a variable becomes in the message."""

import nbstream
from nbstream.magics.attachments import attachment
from nbstream.messages import FilePart, TextPart

PNG = b"\x89PNG\r\n\x1a\n...."


class Slide:
    """A value with a text and two pictures."""


@nbstream.describer(Slide)
def _slide(_: Slide) -> list[object]:
    return ["Title: cats", PNG, "and more", PNG + b"2"]


def test_all_that_a_describer_gives_is_sent() -> None:
    text, first, second = attachment("slide", {"slide": Slide()})
    assert isinstance(text, TextPart)
    assert text.text == "slide: Title: cats\nand more\n\n"
    assert isinstance(first, FilePart)
    assert isinstance(second, FilePart)
    assert (first.data, second.data) == (PNG, PNG + b"2")


def test_bytes_and_a_value_with_a_text_alone() -> None:
    (image,) = attachment("data", {"data": PNG})
    assert isinstance(image, FilePart)
    (text,) = attachment("n", {"n": {"a": 1}})
    assert text == TextPart("n: {'a': 1}\n\n")
