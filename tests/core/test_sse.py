"""Server-sent events: the examples of the standard, and what providers send."""

import pytest

from nbstream.core.sse import SSEDecoder
from tests.cuts import ways

CASES = {
    # WHATWG HTML 9.2.6, the examples below "Interpreting an event stream".
    "whatwg 1, data over several lines": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        [(b"", b"YHOO\n+2\n10")],
    ),
    "whatwg 2, comments, ids and no data": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n",
        [(b"", b"first event"), (b"", b"second event"), (b"", b" third")],
    ),
    "whatwg 4, one optional space": (b"data:test\n\ndata: test\n\n", [(b"", b"test")] * 2),
    "names": (b"event: ping\ndata: {}\n\ndata: 1\n\n", [(b"ping", b"{}"), (b"", b"1")]),
    "a name after the data": (b"data: 1\nevent: late\n\n", [(b"late", b"1")]),
    "a name without data is forgotten": (b"event: a\n\ndata: 1\n\n", [(b"", b"1")]),
    "CRLF": (b"data: a\r\n\r\ndata: b\r\n\r\n", [(b"", b"a"), (b"", b"b")]),
    "CR": (b"data: a\r\rdata: b\r\r", [(b"", b"a"), (b"", b"b")]),
    "a byte order mark": (b"\xef\xbb\xbfdata: a\n\n", [(b"", b"a")]),
    "no blank line at the end": (b"data: a\n\ndata: b", [(b"", b"a"), (b"", b"b")]),
    "doubled blank lines": (b"\n\ndata: a\n\n\n\ndata: b\n\n", [(b"", b"a"), (b"", b"b")]),
    "Unicode's own line ends are text": (
        "data: a\u2028b\u2029c\u0085d\x0be\n\n".encode(),
        [(b"", "a\u2028b\u2029c\u0085d\x0be".encode())],
    ),
    "no blank lines between JSON objects": (
        b'event: a\ndata: {"a": 1}\ndata: {"b":\ndata: {"c": {}\ndata: }}\ndata: [DONE]\n',
        [(b"a", b'{"a": 1}'), (b"a", b'{"b":\n{"c": {}\n}}'), (b"a", b"[DONE]")],
    ),
    "characters of several bytes": ("data: ö€😀\n\n".encode(), [(b"", "ö€😀".encode())]),
}


@pytest.mark.parametrize("case", CASES)
def test_events_do_not_depend_on_how_the_body_is_split(case: str) -> None:
    body, expected = CASES[case]
    for way, chunks in ways(body):
        decoder = SSEDecoder()
        events = [event for chunk in chunks for event in decoder.feed(chunk)]
        events += decoder.close()
        assert events == expected, way


def test_an_event_is_returned_as_soon_as_its_blank_line_arrives() -> None:
    decoder = SSEDecoder()
    assert list(decoder.feed(b"data: a\n")) == []
    assert list(decoder.feed(b"\n")) == [(b"", b"a")]
