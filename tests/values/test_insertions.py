"""Expressions in a prompt: what is one, and what is sent as it is."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import nbstream
from nbstream.core.message import FilePart, TextPart
from nbstream.errors import UsageError
from nbstream.values.insertions import fill

NAMES: dict[str, Any] = {
    "x": 3,
    "a": 5,
    "b": 6,
    "name": "Ada",
    "nested": {"k": {"z": 1}},
    "image": Image.new("RGB", (2, 2)),
}


@pytest.mark.parametrize(
    "prompt",
    [
        '{"a": 1}',
        '{"a": {"b": {"c": 1}}}',
        '[{"a":{"b":{}}},{}]',
        r"\frac{a}{b} and \frac{{a}}{{b}}, x^{{a}}, {{{a}}}",
        "${HOME} $HOME {x} {a!r}",
        'f"{x}" f"{{x}}" f"{{{x}}}" f"{{{{x}}}}" "{{}}".format(x)',
        "{{#each rows}} {{/each}} {{> partial}} {{y}} {{print}}",
        "a {{ without an end",
        "{{ on: two\nlines: of another language }}",
        "a{{x}}b {{ x }",
        Path(pytest.__file__).read_text(encoding="utf-8"),
        Path(__file__).parent.parent.joinpath("conftest.py").read_text(encoding="utf-8"),
    ],
)
def test_other_braces_are_sent_unchanged(prompt: str) -> None:
    assert fill(prompt, NAMES) == prompt


@pytest.mark.parametrize(
    ("prompt", "sent"),
    [
        ("{{ x }}", "3"),
        ("{{x}}", "3"),
        ("say {{name}}, {{ name.upper() }}!", "say Ada, ADA!"),
        ("({{x}})", "(3)"),
        ("**{{x}}**", "**3**"),
        ("{{ nested['k'] }}", "{'z': 1}"),
        ("{{ {'q': {'z': 1}} }}", "{'q': {'z': 1}}"),
        ("{{ 'a }} b' }}", "a }} b"),
        ("{{ x\n  + 1 }}", "4"),
        ("{{ [n * 2 for n in (1, a)] }}", "[2, 10]"),
        ("{{ sum(n for n in (x, a)) }}", "8"),
        ("{{{{ x }}}}", "{{ x }}"),
        ("{{{{x}}}} {{x}}", "{{x}} 3"),
        ("\\frac{a}{b} is {{ a }} / {{ b }}", "\\frac{a}{b} is 5 / 6"),
    ],
)
def test_an_expression_is_replaced_by_its_value(prompt: str, sent: str) -> None:
    assert fill(prompt, NAMES) == sent


@pytest.mark.parametrize(
    ("prompt", "says"),
    [
        ("{{ nope }}", "{{ nope }} in the prompt: name 'nope' is not defined."),
        ("{{ x.nope }}", "failed with AttributeError"),
        ("{{ 1/0 }}", "failed with ZeroDivisionError: division by zero"),
        ("{{ .Values.x }}", "{{ .Values.x }} in the prompt is not a Python expression."),
        ("{{ b'abc' }}", "cannot be put into a prompt as text"),
    ],
)
def test_a_bad_expression_is_named_with_the_remedy(prompt: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        fill(prompt, NAMES)
    assert says in str(error.value)
    assert error.value.remedy


def test_an_image_stands_where_its_expression_stands() -> None:
    filled = fill("before {{ image }} after {{ x }}", NAMES)
    assert [type(part) for part in filled] == [TextPart, FilePart, TextPart]
    assert [part.text for part in filled if isinstance(part, TextPart)] == ["before ", " after 3"]


def test_an_earlier_answer_is_its_text() -> None:
    model = nbstream.testing.ScriptedModel("Blue.")
    answer = nbstream.stream(model, "Which colour?")
    assert fill("You said: {{ answer }}", {"answer": answer}) == "You said: Blue."
    assert fill("{{ answer.message }}", {"answer": answer}) == "Blue."
