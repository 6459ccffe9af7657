"""Samples of structured output of three libraries; only import, call and model differ.

Sources: Vercel's ai for Python (examples/models/structured_output.py), Anthropic's SDK
(examples/structured_outputs.py and structured_outputs_streaming.py), and PydanticAI's document
"Output" ("Streaming Structured Output").
"""

import json
from datetime import date
from typing import Any, NotRequired

import pydantic
import pytest
from typing_extensions import TypedDict

import nbstream as ai
from nbstream.errors import OutputError
from tests.harness.background import run_async
from tests.harness.in_step import in_step
from tests.harness.llm_scripts import drawl, say


def answering(value: Any) -> str:
    """A model that answers with ``value``, as JSON unless it is a string."""
    return f"openai-chat:{say(value if isinstance(value, str) else json.dumps(value))}"


class Recipe(pydantic.BaseModel):
    """Vercel's."""

    name: str
    ingredients: list[str]
    steps: list[str]
    prep_time_minutes: int


PANCAKES = {
    "name": "Pancakes",
    "ingredients": ["flour", "milk"],
    "steps": ["Mix.", "Fry."],
    "prep_time_minutes": 20,
}


def test_vercel_structured_output(capsys: pytest.CaptureFixture[str]) -> None:
    model = ai.get_model(answering(PANCAKES))
    messages = [ai.user_message("Give me a simple pancake recipe.")]

    async def main() -> None:
        async with ai.stream(model, messages, output_type=Recipe) as s:
            async for event in s:
                if isinstance(event, ai.events.TextDelta):
                    print(event.chunk, end="", flush=True)
                elif isinstance(event, ai.events.StreamEnd):
                    print()

        recipe = s.output
        print(f"\n\nParsed recipe: {recipe.name}")
        print(f"  Ingredients: {', '.join(recipe.ingredients)}")
        print(f"  Prep time: {recipe.prep_time_minutes} min")

    run_async(main())
    printed = capsys.readouterr().out
    assert printed.startswith(json.dumps(PANCAKES) + "\n")
    assert printed.endswith(
        "Parsed recipe: Pancakes\n  Ingredients: flour, milk\n  Prep time: 20 min\n"
    )


class Order(pydantic.BaseModel):
    """Anthropic's."""

    product_name: str
    price: float
    quantity: int


TEA = {"product_name": "Green Tea", "price": 5.5, "quantity": 2}
PROMPT = """
Extract the product name, price, and quantity from this customer message:
"Hi, I'd like to order 2 packs of Green Tea for 5.50 dollars each."
"""


def test_anthropic_structured_outputs(capsys: pytest.CaptureFixture[str]) -> None:
    parsed_message = ai.stream(
        model=answering(TEA),
        messages=[{"role": "user", "content": PROMPT}],
        max_tokens=1024,
        output_type=Order,
    )
    print(parsed_message.get_output())
    assert capsys.readouterr().out == "product_name='Green Tea' price=5.5 quantity=2\n"


def test_anthropic_structured_outputs_streaming(capsys: pytest.CaptureFixture[str]) -> None:
    with ai.stream(
        model=answering(TEA),
        messages=[{"role": "user", "content": PROMPT}],
        max_tokens=1024,
        output_type=Order,
    ) as stream:
        for event in stream:
            if isinstance(event, ai.events.TextDelta):
                print(event.parsed_snapshot())
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == str(TEA)
    assert len(lines) > 10
    assert "{'product_name': 'Green '}" in lines


class UserProfile(TypedDict):
    """PydanticAI's."""

    name: str
    dob: NotRequired[date]
    bio: NotRequired[str]


BEN = {"name": "Ben", "dob": "1990-01-28", "bio": "Likes the chain the dog and the pyramid"}
ASKED = "My name is Ben, I was born on January 28th 1990, I like the chain the dog and the pyramid."


def test_pydantic_ai_stream_output(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        model = f"openai-chat:{drawl(json.dumps(BEN))}"
        async with in_step(ai.stream(model, ASKED, output_type=UserProfile)) as result:
            async for profile in result.stream_output(debounce_by=None):
                print(profile)
            assert await result.get_output() == {**BEN, "dob": date(1990, 1, 28)}

    run_async(main())
    lines = capsys.readouterr().out.splitlines()
    whole = "{'name': 'Ben', 'dob': datetime.date(1990, 1, 28), 'bio': 'Likes the chain the dog"
    assert "{'name': 'Ben'}" in lines
    assert any(whole.startswith(line.removesuffix("'}")) and "dob" in line for line in lines)
    assert lines[-1] == whole + " and the pyramid'}"


def test_pydantic_ai_in_a_script() -> None:
    result = ai.stream(answering(BEN), ASKED, output_type=UserProfile)
    profiles = list(result.stream_output(debounce_by=0.01))
    assert profiles[0].get("name", "") in "Ben"
    assert profiles[-1] == result.output


def test_partial_output_with_a_fallback() -> None:
    """The final answer is not a valid profile; the last valid partial value is used."""
    wrong = {**BEN, "bio": 7}

    async def main() -> UserProfile:
        last: Any = {"name": "nobody"}
        async with ai.stream(answering(wrong), ASKED, output_type=UserProfile) as result:
            try:
                async for profile in result.stream_output(debounce_by=None):
                    last = profile
            except OutputError as error:
                found: UserProfile = error.partial
                return found if found == last else {"name": "nobody"}
        return await result.get_output()

    assert run_async(main()) == {"name": "Ben", "dob": date(1990, 1, 28)}


def test_a_list_and_a_type_that_is_not_an_object() -> None:
    people = ai.stream(answering({"result": [BEN, BEN]}), "Who?", output_type=list[UserProfile])
    sizes = [len(value) for value in people.stream_output(debounce_by=None)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(people.get_output()) == 2
    with pytest.raises(OutputError, match="no JSON"):
        ai.stream(answering("I know nobody."), "Who?", output_type=UserProfile).get_output()
