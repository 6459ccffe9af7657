"""Formulas of a saved answer, drawn by JupyterLab's MathJax and by that of nbconvert's pages."""

from pathlib import Path

import nbformat
from playwright.sync_api import Browser, expect

from nbstream import replay_message
from nbstream.core.message import TextPart, assistant_message
from nbstream.display import bundle
from nbstream.display.html.formula import allowed
from tests.conftest import OpenNotebook
from tests.display.test_formula import HOSTILE
from tests.harness import converted

ARGUMENTS = {
    **dict.fromkeys(("left", "right", "middle"), r"\left(x\middle|y\right)"),
    **dict.fromkeys(("root", "of"), r"\root 3\of x"),
    **dict.fromkeys(("begin", "end", "hline"), r"\begin{array}{c}a\\\hline b\end{array}"),
    **dict.fromkeys(("over", "choose", "atop"), r"{a\over b}{a\choose b}{a\atop b}"),
    "not": r"\not=",
    "limits": r"\sum\limits_a",
    "nolimits": r"\sum\nolimits_a",
    "sideset": r"\sideset{_1}{^2}\sum",
    "\\": r"a\\b",
}
COLUMNS = {"array": "{cc}", "subarray": "{c}", "alignedat": "{2}", "alignat": "{2}"}


def drawn(text: str) -> dict[str, str]:
    stream = replay_message(assistant_message(TextPart(text)))
    stream.wait()
    return bundle(stream)


def saved(data: dict[str, str]) -> nbformat.NotebookNode:
    """A cell with this output."""
    output = nbformat.v4.new_output("display_data", data=data)
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell("answer", outputs=[output])
    return cell


def all_commands() -> str:
    """A Markdown text with each command and each environment that MathJax may get."""
    commands, environments = allowed()
    rows = [
        ARGUMENTS.get(name)
        or (f"\\{name}|" if name.lower().startswith("big") and len(name) < 6 else "")
        or (f"\\{name}{{x}}{{y}}" if name.isalpha() else f"x\\{name}")
        for name in sorted(commands - {"{", "}"})
    ]
    for name in sorted(environments):
        columns = COLUMNS.get(name.rstrip("*"), "")
        rows.append(f"\\begin{{{name}}}{columns} x \\end{{{name}}}")
    return "\n\n".join(f"$$\n{row}\n$$" for row in rows)


OTHERS = "It costs $5, or $6.\n\nA formula: $x^2$.\n\n" + "\n\n".join(
    f"${tex}$" for tex in HOSTILE if "\n" not in tex
)


def test_jupyterlab_draws_each_allowed_command_and_no_other_text(notebook: OpenNotebook) -> None:
    page = notebook([saved(drawn(all_commands())), saved(drawn(OTHERS))])
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    formulas = page.output(0).locator(".mathjax_process")
    expect(page.output(0).locator("mjx-container")).to_have_count(formulas.count())
    errors = page.output(0).locator("[data-mjx-error], mjx-mtext[style*=red]")
    assert errors.evaluate_all("all => all.map(one => one.outerHTML)") == []
    assert page.output(1).locator("mjx-container").count() == 1
    assert page.output(1).locator("a[href]").count() == 0
    assert "It costs $5, or $6." in (page.output(1).text_content() or "")
    assert not [url for url in asked if "example" in url]


def test_the_mathjax_of_a_converted_page_draws_the_same(browser: Browser, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[saved(drawn(all_commands())), saved(drawn(OTHERS))])
    path = tmp_path / "page.html"
    path.write_text(converted.html(notebook), encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    converted.draw_formulas(page)
    first, second = page.locator(".jp-OutputArea-output").all()
    assert first.locator(".mjx-chtml[id]").count() >= first.locator(".mathjax_process").count()
    assert first.locator(".mjx-merror, [style*='color: red']").count() == 0
    assert second.locator(".MathJax_CHTML").count() == 1
    assert second.locator("a[href]").count() == 0
    assert "It costs $5, or $6." in second.inner_text()
    assert not [one for one in asked if "example" in one]
    page.close()
