import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { layOutInPieces } from "../src/moved";
import { CLOCK } from "./helpers";

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

/** A text of so many small groups of blocks, in groups of 16. */
function text(count: number): HTMLElement {
	const root = document.createElement("div");
	for (let i = 0; i < count; i++) {
		if (i % 16 === 0) root.append(group());
		root.lastElementChild?.append(group());
	}
	return root;
}

function group(): HTMLElement {
	const el = document.createElement("div");
	el.className = "nbmd-group";
	return el;
}

const later = (el: HTMLElement) =>
	[...el.querySelectorAll<HTMLElement>(".nbmd-group")].filter(
		({ style }) => style.contentVisibility === "auto",
	).length;

test("a long text is laid out in pieces, and whole in the end", () => {
	let clock = 0;
	vi.spyOn(performance, "now").mockImplementation(() => clock);
	vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(() => {
		clock += 3; // laying out takes time
		return {} as DOMRect;
	});
	const el = text(200);
	layOutInPieces([document.createTextNode(""), el]);
	expect(later(el), "only the small groups").toBe(200);
	const left: number[] = [];
	for (let frame = 0; later(el) > 0 && frame < 200; frame++) {
		vi.advanceTimersByTime(17);
		left.push(later(el));
	}
	expect(left.at(-1)).toBe(0);
	expect(left.length).toBeGreaterThan(10);
});

test("a short text is laid out at once", () => {
	const el = text(20);
	layOutInPieces([el]);
	expect(later(el)).toBe(0);
});
