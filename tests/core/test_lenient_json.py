"""What models write in place of JSON is read if it has one meaning; valid JSON is read as ever."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbstream.core.json import JSONSyntaxError, LenientScanner, Scanner, repaired
from tests.core.test_partial_json import VALUES
from tests.typed.counting import is_flat


class Tokens:
    """A sink that lists its tokens; the pieces of a string are joined."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def open_object(self) -> None:
        self.seen.append("{")

    def open_array(self) -> None:
        self.seen.append("[")

    def key(self, name: str) -> None:
        self.seen.append(("key", name))

    def close(self) -> None:
        self.seen.append("close")

    def open_string(self) -> None:
        self.seen.append(["open", ""])

    def more(self, piece: str) -> None:
        self.seen[-1][1] += piece

    def close_string(self) -> None:
        self.seen[-1][0] = "string"

    def reopen_string(self, *, after_key: bool) -> bool:
        if after_key:
            self.seen.pop()
        self.seen[-1][0] = "open"
        return True

    def atom(self, text: str) -> None:
        self.seen.append(text)


def tokens(text: str, length: int, *, lenient: bool) -> tuple[list[Any], list[str]]:
    """The tokens of a text that comes in pieces, and what was repaired."""
    sink, fed = Tokens(), [""]
    scanner = LenientScanner(sink, lambda at: fed[0][at:]) if lenient else Scanner(sink)
    for at in range(0, len(text), length):
        fed[0] += text[at : at + length]
        scanner.feed(text[at : at + length])
    scanner.end()
    return sink.seen, scanner.repairs if isinstance(scanner, LenientScanner) else []


@given(VALUES, st.booleans(), st.sampled_from([None, 1]), st.integers(1, 20))
def test_valid_json_is_read_as_the_strict_scanner_reads_it(
    value: Any, ascii_only: bool, indent: int | None, length: int
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert tokens(text, length, lenient=True) == tokens(text, length, lenient=False)


READ: dict[str, tuple[str, Any, str]] = {
    "trailing comma": ('{"a": [1, 2,], "b": {"c": 3,},}', {"a": [1, 2], "b": {"c": 3}}, "comma"),
    "single quotes": ("{'a': 'x', 'b': ['y']}", {"a": "x", "b": ["y"]}, "double quotes"),
    "quotes in single quotes": ("""{'a': 'say "hi"'}""", {"a": 'say "hi"'}, "double quotes"),
    "apostrophe": ("{'a': 'it's fine'}", {"a": "it's fine"}, "not escaped"),
    "curly quotes": ("{“a”: “b”}", {"a": "b"}, "double quotes"),
    "one curly quote": ("{“a\": “b”, 'c': ‘d’}", {"a": "b", "c": "d"}, "double quotes"),  # noqa: RUF001
    "curly quotes in a string": ('{"a": "“b”"}', {"a": "“b”"}, ""),
    "bare keys": ("{a: 1, b_2: 2, $c: 3, d-e: 4, 5: 6}", None, "keys without quotes"),
    "line comment": ('{"a": 1, // one, "b"\n "c": 2} ', {"a": 1, "c": 2}, "comment"),
    "block comment": ('{"a": /* "x", */ 1 /* ** */}', {"a": 1}, "comments"),
    "shell comment": ('{"a": 1, # one\n"b": 2 # two\n}', {"a": 1, "b": 2}, "comments"),
    "comment marks in a string": ('{"a": "# // /* x */"}', {"a": "# // /* x */"}, ""),
    "raw newline": ('{"a": "b\nc\td"}', {"a": "b\nc\td"}, "line break"),
    "Python": ("{'a': True, 'b': None, 'c': False}", None, "True or None"),
    "numbers": ("[+1, .5, 5., -.5, +1.e3]", [1, 0.5, 5.0, -0.5, 1000.0], "numbers"),
    "infinite": ("[inf, -inf, +Infinity]", [float("inf"), float("-inf"), float("inf")], "values"),
    "invalid escapes": (r'{"a": "\(x\) \alpha it\'s"}', {"a": r"\(x\) \alpha it's"}, "escapes"),
    "half a pair": (r'["\ud800x", "\udc00"]', ["\ufffdx", "\ufffd"], ""),
    "quotes": ('{"a": "He said "hi" to me", "b": 1}', {"a": 'He said "hi" to me', "b": 1}, "quote"),
    "quotes at the end": ('{"a": "He said "hi"", "b": 1}', {"a": 'He said "hi"', "b": 1}, "quote"),
    "quotes at a comma": ('{"a": "the "boss", waiting."}', {"a": 'the "boss", waiting.'}, "quote"),
    "quotes after a comma": (
        '{"a": "a "b", who said, "c", d"}',
        {"a": 'a "b", who said, "c", d'},
        "4",
    ),
    "quotes in a list": ('["I said "a", then b", "c"]', ['I said "a", then b', "c"], "quote"),
    "inches": ('{"a": "5"8", "b": "6"9"}', {"a": '5"8', "b": '6"9'}, "quote"),
    "triple quotes": ('{"a": """b "c"\nd""", "e": 1}', {"a": 'b "c"\nd', "e": 1}, "triple"),
    "missing comma": ('{"a": "x"\n"b": 1 "c": {} d: 2}', None, "3 missing commas"),
    "missing comma in a list": ('[{"a": 1} {"a": 2}]', [{"a": 1}, {"a": 2}], "missing comma"),
}
VALUE_OF = {
    "bare keys": {"a": 1, "b_2": 2, "$c": 3, "d-e": 4, "5": 6},
    "Python": {"a": True, "b": None, "c": False},
    "missing comma": {"a": "x", "b": 1, "c": {}, "d": 2},
}


@pytest.mark.parametrize("kind", READ)
def test_what_models_write_is_read_and_noted(kind: str) -> None:
    text, value, note = READ[kind]
    value = VALUE_OF.get(kind, value)
    assert json.loads(repaired(text)) == value
    whole = tokens(text, len(text), lenient=True)
    for length in (1, 2, 3, 5):
        assert tokens(text, length, lenient=True) == whole
    assert any(note in told for told in whole[1]) == bool(note)


@pytest.mark.parametrize(
    "text",
    [
        "[1,, 2]",
        "[, 1]",
        '{"a": "b",, "c": "d"}',
        '{"a": }',
        '{"a": 1, : 2}',
        '{"a" 1}',
        '{"a": nonsense}',
        '{"a": undefined}',
        "{a: red}",
        "{a b: 1}",
        "[1 2]",
        '["a" "b"]',
        "[1}",
        "[TRUE]",
        "[01]",
        "[1_000]",
        '{"a": "b", A NOTE ABOUT "c": "d"}',
        '{"a": "x"b"c": 1}',
        '{"a": "x", 1.5: "y"}',
        '{"a": "x", first name: "y", "b": 1}',
        '{"a": "x"\n b c: "y"}',
        "{'a': 'x', b.c: 'y'}",
        '["a", undefined, "b"]',
        '["a", TRUE, "b"]',
        '["a", 01, "b"]',
        '["a", ..., "b"]',
        '["a", date(2024, 1, 1), "b"]',
        '["a", ISODate("x"), "b"]',
        '{"a": "b"',
        '{"a": /* b',
        '{"a": 1 /',
        '{"a": "b, "c": 1}',
        "('a',)",
    ],
)
def test_what_may_mean_two_things_is_an_error(text: str) -> None:
    for length in (1, 3, len(text)):
        with pytest.raises(JSONSyntaxError) as caught:
            tokens(text, length, lenient=True)
        assert 0 <= caught.value.position <= len(text)


@pytest.mark.parametrize("length", [1, 7, 500, 100_000])
def test_a_long_text_may_have_many_quotes(length: int) -> None:
    said = 'say "hi" there, ' * 1000
    text = f'{{"a": "{said}", "b": 1}}'
    seen, repairs = tokens(text, length, lenient=True)
    assert ["string", said] in seen
    assert repairs == ["kept 2000 quotes inside strings that were not escaped"]
    assert json.loads(repaired(text)) == {"a": said, "b": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": {"b": [1, {"c": "d"', {"a": {"b": [1, {"c": "d"}]}}),
        ("{'a': [true", None),
        ('{"a": 1 // and so on', None),
        ('{"a": 12', None),
        ('{"a": "b', None),
        ('{"a": "b",', None),
        ('{"a": [', None),
        ('{"a"', None),
    ],
)
def test_closing_brackets_are_added_only_after_a_complete_value(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(JSONSyntaxError):
            repaired(text)
    else:
        assert json.loads(repaired(text)) == value


@given(st.text(alphabet="{}[]\":,'\\/*#\n ab1.t“”T", max_size=40), st.integers(1, 5))
def test_any_text_gives_the_same_in_pieces_and_never_another_exception(
    text: str, length: int
) -> None:
    def outcome(size: int) -> Any:
        try:
            return tokens(text, size, lenient=True)
        except JSONSyntaxError:
            return None

    assert outcome(length) == outcome(max(len(text), 1))
    try:
        whole = repaired(text)
    except JSONSyntaxError:
        return
    json.loads(whole)


@pytest.mark.parametrize(
    "text",
    [
        "[" + "'x', /* y */ True, {a: .5,}, " * 1000 + "]",
        '["' + 'say "x" y ' * 3000 + '"]',
        '["' + '"//' * 10_000 + "\n x",
        '{"a": "' + '"/*' * 10_000,
        '["' + '"#" b\n' * 5000,
        '["' + 'a "b", c d "e" f' * 3000 + '"]',
        '["' + 'a "b", c d "e" f", "' * 3000 + '"]',
        "[" + "// x\n" * 5000 + "]",
        '{"a": """' + '"' * 2 + "x" * 20_000 + '"""}',
    ],
    ids=[
        "all",
        "quotes",
        "line comments",
        "block comments",
        "both",
        "commas",
        "items",
        "comments",
        "triple",
    ],
)
def test_the_cost_of_a_piece_does_not_grow(text: str) -> None:
    chunks: list[str] = []

    scanner = LenientScanner(Tokens(), lambda at: "".join(chunks)[at:])
    failed = [False]

    def read(piece: str) -> None:
        chunks.append(piece)
        if not failed[0]:
            try:
                scanner.feed(piece)
            except JSONSyntaxError:
                failed[0] = True

    assert is_flat(text, read)
