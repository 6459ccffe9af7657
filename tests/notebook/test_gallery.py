"""axe-core finds nothing on any kind of answer, streaming and finished, in both themes."""

import pytest

from tests.conftest import OpenNotebook, StartServer
from tests.gallery import pages


@pytest.mark.timeout(180)
def test_axe_finds_nothing(notebook: OpenNotebook, jupyter: StartServer) -> None:
    taken = pages.shots(lambda _: True, ["streaming", "finished"])
    cells = [pages.SETUP, *(shot.cell for shot in taken)]
    page = notebook(cells, server=jupyter("lab", pages.SETTINGS))
    pages.draw(page, taken)
    found = [
        one
        for look in pages.looks(page)
        if look in ("light-narrow", "dark-wide")
        for one in pages.check(page, taken, look)
    ]
    assert not found, "\n".join(
        f"{one.rule} in {one.shot} ({one.look}): {one.text}" for one in found
    )
    assert page.errors == []
