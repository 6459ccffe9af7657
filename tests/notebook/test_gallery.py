"""axe-core finds nothing on any kind of answer, in both themes.

`make gallery` checks each kind also while it streams, in all looks, and makes pictures.
"""

import pytest

from tests.conftest import OpenNotebook, StartServer
from tests.gallery import pages
from tests.gallery.scenes import SCENES

STREAMING = ("agent", "citations", "markdown", "object", "picture", "table", "thinking")
"""Those of the scenes with both states that are checked while they stream, too."""


@pytest.mark.timeout(600)
def test_axe_finds_nothing(notebook: OpenNotebook, jupyter: StartServer) -> None:
    taken = pages.shots(lambda _: True, ["finished"])
    held = [name for name, scene in SCENES.items() if name in STREAMING or not scene.ends]
    taken += pages.shots(lambda name: name in held, ["streaming"])
    cells = [pages.SETUP, *(shot.cell for shot in taken)]
    page = notebook(cells, server=jupyter("lab", pages.SETTINGS))
    pages.draw(page, taken)
    found = []
    for look, rules in (("light-narrow", ()), ("dark-wide", pages.OF_LOOKS)):
        pages.set_look(page, look)
        found += pages.check(page, taken, look, rules)
    assert not found, "\n".join(
        f"{one.rule} in {one.shot} ({one.look}): {one.text}" for one in found
    )
    assert page.errors == []
