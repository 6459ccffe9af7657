"""A saved answer in a notebook that JupyterLab does not trust, whose styles it filters."""

import nbformat
import pytest
from playwright.sync_api import expect

from nbstream.display import bundle
from tests.conftest import OpenNotebook
from tests.gallery.play import stream_of
from tests.harness import contrast

SCENES = ["markdown", "tool-failed", "object-invalid"]
IS_RED = """el => {
    const { borderBottomWidth: width, borderBottomColor: colour } = getComputedStyle(el);
    return width === '1px' && colour === 'rgb(229, 57, 53)';
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_what_failed_is_red_and_all_is_readable(notebook: OpenNotebook, *, dark: bool) -> None:
    page = notebook([], start=False)
    cells = []
    for name in SCENES:
        stream = stream_of(name, held=False)
        stream.wait()
        output = nbformat.v4.new_output("display_data", data=bundle(stream))
        cells.append(nbformat.v4.new_code_cell(name, outputs=[output]))
    page.write(cells)
    page.open()
    page.set_theme(dark=dark)
    expect(page.output(0).locator("mark")).to_be_visible()
    assert page.output(1).get_by_text("failed", exact=True).evaluate(IS_RED)
    assert page.output(2).get_by_text("not a valid Light").evaluate(IS_RED)
    assert contrast.too_low(page.page, ".jp-OutputArea-output") == []
