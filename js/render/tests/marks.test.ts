/**
 * Elements that the host puts into a Markdown text: where they come, and that the text is the
 * same with and without them. The cases are shared with Python (tests/display/test_marks.py).
 */

import { describe, expect, it } from "vitest";
import cases from "../../../tests/samples/marks.json";
import { createMarkdown, type Markdown } from "../markdown/markdown";
import { fragments } from "./fragments";

interface Case {
	about: string;
	source: string;
	text: string;
	/** The element that holds the mark, on this side. */
	in?: string;
	/** "live" if the static HTML differs. */
	place?: string;
}

/** The text of a case without its signs, and their positions. */
function read(marked: string): { text: string; places: number[] } {
	const [first = "", ...rest] = marked.split("¦");
	let text = first;
	const places = rest.map((piece) => {
		const place = text.length;
		text += piece;
		return place;
	});
	return { text, places };
}

function sign(): HTMLElement {
	const el = document.createElement("sup");
	el.className = "sign";
	el.textContent = "¦";
	return el;
}

function page(): { root: HTMLElement; md: Markdown } {
	const root = document.createElement("div");
	return { root, md: createMarkdown(root, { page: "http://page.test/", frameBudget: 1e9 }) };
}

/** The visible text, a line for each block. */
function lines(root: HTMLElement): string {
	const copy = root.cloneNode(true) as HTMLElement;
	for (const el of copy.querySelectorAll(".nbmd-code-head, br")) el.remove();
	for (const el of copy.querySelectorAll("p, li, h1, h2, h3, td, th, pre, .nbmd-marks"))
		el.append("\n");
	return (copy.textContent ?? "").replace(/\n+/g, "\n").trim();
}

/** The page without the signs. */
function plain(root: HTMLElement): string {
	const copy = root.cloneNode(true) as HTMLElement;
	for (const el of copy.querySelectorAll(".sign, .nbmd-marks")) el.remove();
	copy.normalize();
	return copy.innerHTML;
}

describe.each(cases as Case[])("a mark in $about", ({ source, text: expected, ...row }) => {
	const { text, places } = read(source);

	it("comes to its place before its text", () => {
		const { root, md } = page();
		for (const place of places) md.mark(place, sign());
		for (const char of text) {
			md.push(char);
			md.render();
		}
		md.end();
		expect(lines(root)).toBe(expected);
		if (row.in) expect(root.querySelector(".sign")?.parentElement?.localName).toBe(row.in);
	});

	it("comes to its place after all text", () => {
		const { root, md } = page();
		md.push(text);
		md.end();
		const before = plain(root);
		for (const place of places) md.mark(place, sign());
		md.render();
		expect(plain(root)).toBe(before);
		expect(lines(root)).toBe(expected);
	});

	it("comes to its place together with its text", () => {
		const { root, md } = page();
		let at = 0;
		for (const char of text) {
			md.push(char);
			md.render();
			at += char.length;
			for (const place of places) if (at === place) md.mark(place, sign());
		}
		md.end();
		expect(lines(root)).toBe(expected);
	});
});

/** Numbers from 0 to 1, the same in each run. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return state / 2 ** 32;
	};
}

describe.each(Object.entries(fragments))("marks in random %s", (_, pieces) => {
	it("change no text, and come to the same places at any time", () => {
		for (let seed = 1; seed <= 100; seed++) {
			const next = random(seed);
			const text = Array.from(
				{ length: 14 },
				() => pieces[Math.floor(next() * pieces.length)],
			).join("");
			const places = Array.from({ length: 4 }, () => Math.floor(next() * (text.length + 1))).filter(
				(place) => !/[\udc00-\udfff]/.test(text.charAt(place)),
			);
			places.sort((a, b) => a - b);
			const whole = page();
			whole.md.push(text);
			whole.md.end();
			const bare = plain(whole.root);
			for (const place of places) whole.md.mark(place, sign());
			whole.md.render();
			const grown = page();
			for (let at = 0; at < text.length; at++) {
				grown.md.push(text[at] as string);
				grown.md.render();
				for (const place of places) if (place === at + 1) grown.md.mark(place, sign());
			}
			for (const place of places) if (place === 0) grown.md.mark(place, sign());
			grown.md.end();
			for (const { root } of [whole, grown]) root.normalize();
			expect(plain(whole.root), JSON.stringify(text)).toBe(bare);
			expect(plain(grown.root), JSON.stringify(text)).toBe(bare);
			expect(grown.root.innerHTML, JSON.stringify([text, places])).toBe(whole.root.innerHTML);
		}
	});
});
