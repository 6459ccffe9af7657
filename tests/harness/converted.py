"""A notebook as a page of nbconvert that needs no web, and the MathJax that draws its formulas.

nbconvert's pages load MathJax 2 from the web. The tests have it from npm (``js/package.json``).
"""

from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Page

MATHJAX = Path(__file__).parents[2] / "js" / "node_modules" / "mathjax" / "MathJax.js"


def html(notebook: nbformat.NotebookNode) -> str:
    """The page, with the configuration of MathJax that nbconvert asks for."""
    own = HTMLExporter().mathjax_url
    url = MATHJAX.as_uri() + own[own.index("?") :]
    text, _ = HTMLExporter(mathjax_url=url).from_notebook_node(notebook)
    # Its template loads these libraries for widgets, which a saved answer does not need.
    return str(text).replace("https://cdnjs.cloudflare.com/", "file:///nowhere/")


def draw_formulas(page: Page) -> None:
    """Wait until MathJax has drawn all formulas of the page."""
    page.wait_for_function("window.MathJax?.isReady")
    page.evaluate("() => new Promise(done => MathJax.Hub.Queue(done))")
