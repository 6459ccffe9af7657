"""A scripted model in a cell: the magic finds it by its name."""

from tests.conftest import StartKernel


def test_the_magic_asks_a_scripted_model(kernel: StartKernel) -> None:
    one = kernel()
    one.check(
        "%load_ext nbstream\n"
        "from nbstream.testing import ScriptedModel\n"
        "model = ScriptedModel('from the script', name='m').register()"
    )
    asked = one.check("%%llm -m test/m -o answer\nhi")
    assert "from the script" in asked.displays[0]["text/plain"]
    printed = one.check("print(answer.text, '|', model.requests[0].prompt)")
    assert printed.stdout.strip() == "from the script | hi"
