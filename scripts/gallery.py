"""Makes pictures of every kind of answer in JupyterLab, and checks them with axe-core.

    python scripts/gallery.py [--only NAME ...] [--states STATE ...] [--looks LOOK ...]

The pictures are in build/gallery, with a contact sheet, index.html. `--only tool` takes the scenes
whose name contains "tool". The exit status is 1 if axe-core finds anything.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.gallery import pages
from tests.harness import browser
from tests.harness.page import NotebookPage
from tests.harness.server import JupyterServer

FOLDER = Path(__file__).resolve().parent.parent / "build" / "gallery"
STATES = ("streaming", "finished", "saved")


def main() -> int:
    """Make the gallery and print where it is and what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="parts of names of scenes")
    parser.add_argument("--states", nargs="*", default=["streaming", "finished"], choices=STATES)
    parser.add_argument("--looks", nargs="*", default=list(pages.LOOKS), choices=pages.LOOKS)
    options = parser.parse_args()
    taken = pages.shots(
        lambda name: not options.only or any(part in name for part in options.only),
        options.states,
    )
    if not taken:
        parser.error(f"no scene has a name like {' '.join(options.only)}")
    start = time.monotonic()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not options.only:
        shutil.rmtree(FOLDER)
        FOLDER.mkdir()
    findings = make(taken, options.looks)
    write_sheet()
    for one in findings:
        print(f"{one.rule} in {one.shot} ({one.look})\n    " + one.text.replace("\n", "\n    "))
    seconds = time.monotonic() - start
    print(
        f"{FOLDER / 'index.html'}: {len(taken)} states in {seconds:.0f} s, {len(findings)} findings"
    )
    return bool(findings)


def make(taken: list[pages.Shot], wanted: list[str]) -> list[pages.Finding]:
    """Draw the scenes in one notebook, take the pictures, and give what axe-core found."""
    findings: list[pages.Finding] = []
    with (
        tempfile.TemporaryDirectory() as root,
        browser.launch() as chromium,
        JupyterServer(Path(root), settings=pages.SETTINGS) as server,
    ):
        context = chromium.new_context(viewport={"width": 1340, "height": pages.HEIGHT})
        page = NotebookPage(context.new_page(), server)
        page.write([pages.SETUP, *(shot.cell for shot in taken)])
        page.open()
        pages.draw(page, taken)
        for look in wanted:
            pages.set_look(page, look)
            pages.photograph(page, taken, look, FOLDER)
            findings += pages.check(page, taken, look)
    # One that is there in several looks is told once.
    return list({(one.shot, one.rule, one.text): one for one in findings}.values())


def write_sheet() -> None:
    """Write the contact sheet of all pictures in the folder."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob("*.png")):
        name, state, look, _ = file.name.split(".")
        found.setdefault(f"{name}, {state}", {})[look] = file.name
    rows = []
    for title, files in found.items():
        pictures = "".join(
            f'<figure class="{look}"><a href="{files[look]}"><img src="{files[look]}"'
            f' alt="{title}, {look}" loading="lazy"></a><figcaption>{look}</figcaption></figure>'
            for look in pages.LOOKS
            if look in files
        )
        rows.append(f"<section><h2>{html.escape(title)}</h2><div>{pictures}</div></section>")
    style = (
        "body{font:14px system-ui;margin:2em;background:#ddd}section>div{display:flex;gap:12px;"
        "align-items:flex-start;overflow-x:auto}figure{margin:0;flex:none}img{display:block;"
        "max-height:900px;background:#fff}[class^=dark] img{background:#111}h2{font-size:1em}"
    )
    sheet = f"<!doctype html><meta charset=utf-8><title>Gallery</title><style>{style}</style>"
    (FOLDER / "index.html").write_text(sheet + "\n".join(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
