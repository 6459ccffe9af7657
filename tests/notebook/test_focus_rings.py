"""The ring around what has the keyboard focus is whole: no box around it cuts it off."""

from tests.conftest import OpenNotebook
from tests.gallery import pages

SCENES = ["markdown", "citations", "agent", "code-run", "files", "object-invalid", "table-long"]
# A box that scrolls, clips or contains its paint shows nothing outside of it, but for a margin.
# What is higher than its box is not seen as a whole, with or without a ring.
CUT_OFF = """() => {
  const cut = [];
  const all = 'a[href], button, summary, audio, [tabindex]:not(.nbstream-footer)';
  for (const el of document.querySelectorAll(`.nbstream :is(${all})`)) {
    if (!el.checkVisibility() || el.closest('.nbstream-disclosure[data-empty] > summary')) continue;
    el.scrollIntoView({ block: 'center' });
    el.focus({ preventScroll: true });
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(el);
    if (outlineStyle === 'none') { cut.push(`no ring: ${el.className || el.tagName}`); continue; }
    const out = parseFloat(outlineWidth) + parseFloat(outlineOffset);
    const ring = el.getBoundingClientRect();
    for (let box = el.parentElement; !box.matches('.jp-OutputArea'); box = box.parentElement) {
      const { overflowX, overflowY, contain, overflowClipMargin } = getComputedStyle(box);
      const paints = contain.includes('paint');
      if (overflowX === 'visible' && !paints) continue;
      const room = out - (paints && parseFloat(overflowClipMargin) || 0) - 0.5;
      const edge = box.getBoundingClientRect();
      const [left, top] = [edge.left + box.clientLeft, edge.top + box.clientTop];
      const beyond = [left - ring.left, ring.right - left - box.clientWidth];
      if (ring.height < box.clientHeight)
        beyond.push(top - ring.top, ring.bottom - top - box.clientHeight);
      if (beyond.some(pixels => pixels + room > 0))
        cut.push(`${el.className || el.tagName} in ${box.className}: ${beyond.map(Math.round)}`);
      if (overflowY === 'auto') break;
    }
  }
  return [...new Set(cut)];
}"""


def test_no_ring_is_cut_off(notebook: OpenNotebook) -> None:
    page = notebook([pages.SETUP, *(f"play({name!r}, 'finished')" for name in SCENES)])
    page.run_all()
    page.until(lambda: page.page.locator(".nbstream[data-status=done]").count() == len(SCENES))
    page.page.evaluate(pages.OPEN_ALL)
    page.page.keyboard.press("Tab")
    found = page.page.evaluate(CUT_OFF)
    assert found == [], "\n".join(found)
