"""Draws scenes in a notebook of a real JupyterLab, photographs them, and runs axe-core."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.gallery.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator, Page

    from tests.gallery.play import State
    from tests.harness.page import NotebookPage

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
# The whole answer in one piece, and no cell that is only drawn when it is near the window.
SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
HEIGHT = 2400
ABOVE = 400  # pixels of JupyterLab's own around a notebook
SILENCE = 4_500  # milliseconds after which a held stream says that it waits
LOOKS = ("light-wide", "light-narrow", "dark-wide", "dark-narrow")
WIDTHS = {"narrow": 400, "wide": 1200}  # pixels of the output of a cell
SETUP = "from tests.gallery.play import play"

# Everything that a view shows, but for clocks and the text that only screen readers get. A held
# stream's clocks go on, so a page with many of them is never the same twice with their digits.
DRAWN = """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(cell =>
    (cell.querySelector('.nbstream')?.dataset.status ?? '') + [...cell.querySelectorAll(
    '.nbstream-body, .nbstream-sources, .nbstream-error')].map(el =>
    el.textContent.replace(/\\d+( min \\d+)? s\\b/g, '').length
    + '/' + el.querySelectorAll('*').length)).join()"""
LIVE = """document.querySelectorAll(`.jp-OutputArea .nbstream:is([data-status="waiting"],
    [data-status="streaming"])`).length"""
OPEN_ALL = """() => {
    for (const el of document.querySelectorAll('.jp-OutputArea details:not([open])')) {
        el.open = true;
        el.dataset.opened = '';
    }
}"""
CLOSE_AGAIN = """() => {
    for (const el of document.querySelectorAll('details[data-opened]')) {
        el.open = false;
        delete el.dataset.opened;
    }
}"""
# The others keep their size and how far they are scrolled, but not their place.
ALONE = """cell => {
    const others = '.jp-Notebook .jp-Cell:not(.photographed)';
    document.querySelector('#alone')?.remove();
    document.querySelector('.photographed')?.classList.remove('photographed');
    cell.classList.add('photographed');
    const style = document.head.appendChild(document.createElement('style'));
    style.id = 'alone';
    style.textContent = `${others} { position: absolute !important; top: 0; width: 100%;
        visibility: hidden !important; } .jp-WindowedPanel-outer { overflow: hidden !important; }`;
    cell.closest('.jp-WindowedPanel-outer').scrollTop = 0;
    const { x, y, width, height } = cell.querySelector('.jp-Cell-outputArea')
        .getBoundingClientRect();
    return { x, y, width, height };
}"""
ALL_AGAIN = "() => document.querySelector('#alone')?.remove()"
# What a theme or a width can break; all other rules need one look.
OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
# Rules about the whole page are JupyterLab's business, not ours.
RUN_AXE = """async rules => {
    if (!document.querySelector('.jp-OutputArea .nbstream')) return [];  // all are saved
    const found = await axe.run({ include: [['.jp-OutputArea .nbstream']] }, {
         resultTypes: ['violations'], rules: { region: { enabled: false } },
         ...(rules.length ? { runOnly: rules } : {}) });
    const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
    return found.violations.flatMap(({ id, help, nodes }) => nodes.map(node => {
        const at = document.querySelector(node.target[0]);
        return { rule: id, help, cell: cells.indexOf(at?.closest('.jp-Cell')), html: node.html,
            why: node.failureSummary };
    }));
}"""


@dataclass(frozen=True)
class Shot:
    """One picture to take: a scene in one of its states."""

    name: str
    state: State

    @property
    def cell(self) -> str:
        """The source of the cell that draws it."""
        return f"play({self.name!r}, {self.state!r})"

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


@dataclass(frozen=True)
class Finding:
    """Something that axe-core found."""

    shot: str
    look: str
    rule: str
    text: str


def shots(wanted: Callable[[str], bool], states: Sequence[State]) -> list[Shot]:
    """The pictures of the scenes whose names are wanted."""
    return [
        Shot(name, state)
        for name, scene in SCENES.items()
        if wanted(name) and scene.available
        for state in states
        if (scene.streams if state == "streaming" else scene.ends)
    ]


def draw(page: NotebookPage, taken: Sequence[Shot]) -> None:
    """Run all cells and wait until every view shows all that it has."""
    page.run_all()
    live = sum(shot.state == "streaming" for shot in taken)
    page.until(lambda: page.page.evaluate(LIVE) == live)
    page.page.wait_for_timeout(SILENCE)
    before: Any = None
    since = 0
    while since < 4:  # four looks that are the same: nothing is left to be drawn
        page.page.wait_for_timeout(150)
        now = page.page.evaluate(DRAWN)
        since = since + 1 if now == before else 0
        before = now


def set_look(page: NotebookPage, look: str) -> None:
    """Give the page a look: `light-wide` and so on."""
    theme, width = look.split("-")
    page.set_theme(dark=theme == "dark")
    set_width(page, WIDTHS[width])


def set_width(page: NotebookPage, pixels: int) -> None:
    """Make the outputs of the cells so wide."""
    size = page.page.viewport_size or {"width": 0}
    now = page.page.evaluate("document.querySelector('.jp-OutputArea-output').clientWidth")
    for _ in range(3):
        page.page.set_viewport_size({"width": size["width"] + pixels - now, "height": HEIGHT})
        page.page.wait_for_timeout(300)  # JupyterLab lays itself out a little later
        size = page.page.viewport_size or size
        now = page.page.evaluate("document.querySelector('.jp-OutputArea-output').clientWidth")
        if abs(now - pixels) < 2:
            return


def photograph(page: NotebookPage, taken: Sequence[Shot], look: str, folder: Path) -> list[Path]:
    """Take the pictures of one look, and of what is closed, opened."""
    files: list[Path] = []

    def take(index: int, shot: Shot, suffix: str = "") -> None:
        file = folder / f"{shot.name}.{shot.state}{suffix}.{look}.png"
        take_whole(page.page, page.cell(index + 1), file)
        files.append(file)

    closed = [page.output(i + 1).locator("details:not([open])").count() for i in range(len(taken))]
    for index, shot in enumerate(taken):
        take(index, shot)
    page.page.evaluate(OPEN_ALL)
    for index, shot in enumerate(taken):
        if closed[index]:
            take(index, shot, "-open")
    page.page.evaluate(CLOSE_AGAIN)
    page.page.evaluate(ALL_AGAIN)
    return files


def take_whole(page: Page, cell: Locator, file: Path) -> None:
    """Photograph the output of a cell from its top to its end.

    All other cells are taken out of the page meanwhile, so that nothing has to be scrolled:
    JupyterLab lays itself out, and scrolls, a little later than the page is told to.
    """
    box = cell.evaluate(ALONE)
    size = page.viewport_size or {"width": 0, "height": HEIGHT}
    if box["y"] + box["height"] > size["height"]:
        page.set_viewport_size({"width": size["width"], "height": math.ceil(box["height"]) + ABOVE})
        page.wait_for_timeout(500)
        box = cell.evaluate(ALONE)
    page.screenshot(path=file, animations="disabled", clip=box)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def check(
    page: NotebookPage, taken: Sequence[Shot], look: str, rules: Sequence[str] = ()
) -> list[Finding]:
    """What axe-core finds on the answers, by default with all rules.

    Everything is open; as they are, the answers are checked by what a look can break.
    """
    if not page.page.evaluate("'axe' in window"):
        page.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Finding] = {}
    for is_open, ran in ((False, OF_LOOKS), (True, rules)):
        page.page.evaluate(OPEN_ALL if is_open else CLOSE_AGAIN)
        for row in page.page.evaluate(RUN_AXE, list(ran)):
            cell = row["cell"]
            shot = str(taken[cell - 1]) if cell > 0 else "?"
            text = f"{row['help']}: {row['html'][:300]}\n{row['why']}"
            found.setdefault(
                json.dumps([shot, row["rule"], row["html"]]),
                Finding(shot, look, row["rule"], text),
            )
    page.page.evaluate(CLOSE_AGAIN)
    return list(found.values())
