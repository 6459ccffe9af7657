"""Answers in Colab, as far as its documents tell: a stub of its module in a real kernel."""

import pytest

from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import text_of

MANAGER = "https://ssl.gstatic.com/colaboratory-static/widgets/manager.min.js"
WIDGET = "application/vnd.jupyter.widget-view+json"
COLAB = f"""
import sys, types

class _widgets:
    _installed_url = None

def turn(url):
    _widgets._installed_url = url

output = types.ModuleType("google.colab.output")
output._widgets = _widgets
output.enable_custom_widget_manager = lambda: turn({MANAGER!r})
output.disable_custom_widget_manager = lambda: turn(None)
sys.modules["google.colab.output"] = output
"""


@pytest.fixture
def colab(live: Kernel) -> Kernel:
    """A kernel with the extension and Colab's module."""
    live.check(COLAB)
    return live


def test_widgets_are_turned_on_and_their_outputs_say_by_what(colab: Kernel) -> None:
    result = colab.check("%%llm -m openai-chat/paced-30-20\nhi")
    shown = [m["content"] for m in result.raw if m["msg_type"] == "display_data"]
    assert WIDGET in shown[0]["data"]
    about = shown[0]["metadata"][WIDGET]
    assert about == {"colab": {"custom_widget_manager": {"url": MANAGER}}}
    # anywidget's code for this answer is small: an output of Colab may not hold much.
    opened = [one["data"]["state"] for one in result.comms_opened]
    assert sum(len(state.get("_esm", "")) for state in opened) < 2_000
    assert WIDGET not in result.displays[0]


def test_where_widgets_are_turned_off_the_cell_says_what_to_do(colab: Kernel) -> None:
    colab.check("%%llm -m openai-chat/paced-30-20\nhi")
    colab.check("output.disable_custom_widget_manager()")
    result = colab.check("%%llm -m openai-chat/paced-30-20\nhi")
    first, *_ = (m["content"]["data"] for m in result.raw if m["msg_type"] == "display_data")
    assert first["text/plain"] == (
        "[openai-chat/paced-30-20 is answering: the answer appears here at its end]\n"
        "To see it grow: from google.colab import output; output.enable_custom_widget_manager()"
    )
    assert len(result.displays) == 1
    assert text_of("paced-30-20").strip() in result.displays[0]["text/plain"]
    assert WIDGET not in str(result.raw)
    colab.check("output.enable_custom_widget_manager()")
    again = colab.check("%%llm -m openai-chat/paced-30-20\nhi")
    assert any(WIDGET in str(m) for m in again.raw)
