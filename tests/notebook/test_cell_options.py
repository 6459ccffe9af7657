"""The options of ``%%llm`` in a real ipykernel, seen in what the server received."""

import ast

import pytest

from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer
from tests.harness.result import COLOURS

SHORT = "openai-chat/paced-3-100"


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ("--temperature 0.5", "temperature", 0.5),
        ("--max-tokens 50", "max_tokens", 50),
        ("--top-p 0.5", "top_p", 0.5),
        ("--seed 7", "seed", 7),
        ("--stop END --stop '##'", "stop", ["END", "##"]),
        ("--thinking low", "reasoning_effort", "low"),
        ("-p user Ada", "user", "Ada"),
        ("-p extra_body '{\"x\": [1, null]}'", "x", [1, None]),
        ("\\\n  --temperature 0.25 \\\n  --seed 1", "temperature", 0.25),
    ],
)
def test_each_option_reaches_the_server(
    live: Kernel, llm_server: LLMServer, options: str, name: str, value: object
) -> None:
    live.check(f"%%llm -m {SHORT} {options}\nhi")
    body = llm_server.requests[-1].body
    assert body["messages"][-1]["content"] == "hi"
    assert body.get(name) == value, body


def test_the_system_prompt(live: Kernel, llm_server: LLMServer) -> None:
    live.check(f"%%llm -m {SHORT} -s 'You are brief.'\nhi")
    first = llm_server.requests[-1].body["messages"][0]
    assert first["content"] == "You are brief."


def test_values_go_into_the_prompt_and_other_braces_stay(
    live: Kernel, llm_server: LLMServer
) -> None:
    live.check("import pandas as pd\nframe = pd.DataFrame({'n': [1, 2]})\nx = 3")
    prompt = 'Sum {{ frame }}, then add {{ x }}.\n{"a": 1} \\frac{a}{b} ${HOME} f"{x}" $5'
    live.check(f"%%llm -m {SHORT}\n{prompt}")
    sent = llm_server.requests[-1].body["messages"][-1]["content"]
    table = "DataFrame, 2 rows x 1 column:\n\n| n (int64) |\n|---|\n| 1 |\n| 2 |"
    assert sent == prompt.replace("{{ frame }}", table).replace("{{ x }}", "3")
    live.check(f"%%llm -m {SHORT} --raw\n{prompt}")
    assert llm_server.requests[-1].body["messages"][-1]["content"] == prompt


def test_a_bad_value_sends_nothing(live: Kernel, llm_server: LLMServer) -> None:
    before = len(llm_server.requests)
    failed = live.run(f"%%llm -m {SHORT}\n{{{{ nope }}}}")
    assert failed.status == "error"
    assert "name 'nope' is not defined" in failed.stderr
    assert "--raw" in failed.stderr
    assert len(llm_server.requests) == before


def test_a_figure_and_a_file_are_attached(live: Kernel, llm_server: LLMServer) -> None:
    live.check(
        "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
        "figure, axes = plt.subplots()\nplt.close(figure)\nfigure.savefig('chart.png')"
    )
    live.check(f"%%llm -m {SHORT} -a figure -a chart.png\nWhat is this? {{{{ axes }}}} Say.")
    content = llm_server.requests[-1].body["messages"][-1]["content"]
    kinds = [part["type"] for part in content]
    assert kinds == ["image_url", "image_url", "text", "image_url", "text"]
    failed = live.run(f"%%llm -m {SHORT} -a figgure\nhi")
    assert "-a figgure is neither a variable nor a file here" in failed.stderr


def test_an_attached_table_is_a_paragraph_of_its_own(live: Kernel, llm_server: LLMServer) -> None:
    live.check("import pandas\nrows = pandas.DataFrame({'n': [1, 2]})")
    live.check(f"%%llm -m {SHORT} -a rows\nSum them.")
    content = llm_server.requests[-1].body["messages"][-1]["content"]
    assert content.startswith("rows: DataFrame, 2 rows")
    assert content.endswith("| 2 |\n\nSum them.")


def test_a_schema_gives_a_typed_answer(live: Kernel, llm_server: LLMServer) -> None:
    model = say('[{"name": "Ada", "age": 36}]')
    live.check(f"%%llm -m openai-chat/{model} --schema '[name: str, age: int]' -o rows\nhi")
    printed = live.check("print([(row.name, row.age) for row in rows.output], _llm is rows)").stdout
    assert printed.strip() == "[('Ada', 36)] True"


def test_an_answer_that_is_not_of_its_type_fails_the_cell(live: Kernel) -> None:
    model = say('{"age": "old"}')
    failed = live.run(f"%%llm -m openai-chat/{model} --schema 'age: int' -o bad\nhi")
    assert failed.status == "error"
    assert "age" in failed.traceback
    assert len(failed.traceback.splitlines()) < 15
    assert live.check("print(bad.text)").stdout.strip() == '{"age": "old"}'


def test_bg_returns_at_once_and_later_cells_wait_where_they_use_it(
    live: Kernel, llm_server: LLMServer
) -> None:
    live.check("%%llm -m openai-chat/paced-30-40 --bg -o draft\nhi")
    running = live.check("print(draft.is_complete)").stdout
    assert running.strip() == "False"
    live.check(f"%%llm -m {SHORT}\nShorten: {{{{ draft }}}}")
    words = llm_server.requests[-1].body["messages"][-1]["content"].split()
    assert words == ["Shorten:", *[f"{n:04}" for n in range(1, 31)]]


def test_without_a_widget_the_answer_is_shown_at_its_end(live: Kernel) -> None:
    shown = live.check(f"%%llm -m {SHORT} --no-widget\nhi")
    assert [sorted(one) for one in shown.displays] == [["text/html", "text/markdown", "text/plain"]]
    assert not shown.comms_opened


def test_the_last_answer_is_in_llm_also_after_a_failure(live: Kernel) -> None:
    failed = live.run("%%llm -m openai-chat/die-3\nhi")
    assert failed.status == "error"
    text = ast.literal_eval(live.check("print(repr(_llm.text))").stdout)
    assert text == live.check("print(_.text, end='')").stdout


def test_the_manual_is_one_question_mark_away(live: Kernel) -> None:
    (shown,) = live.check("%%llm?").payload
    page = COLOURS.sub("", shown["data"]["text/plain"])
    for part in ("SYNOPSIS", "--schema", "{{ expression }}", "_.finish_reason", "EXAMPLES"):
        assert part in page
    (shown,) = live.check("%llm?").payload
    page = COLOURS.sub("", shown["data"]["text/plain"])
    assert "key PROVIDER [--save|--forget]" in page
    assert page.splitlines() == [line for line in page.splitlines() if len(line) <= 100]
