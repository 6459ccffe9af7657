/**
 * Long paragraphs: text that is committed early equals a reading of the whole text, however
 * the text is cut and however far back an opener is.
 */

import { describe, expect, it } from "vitest";
import { SCAN_START, Scan } from "../markdown/inline/scan";
import { createMarkdown } from "../markdown/markdown";
import { random } from "./sample";

function html(text: string, size: number, ended: boolean): string {
	const root = document.createElement("div");
	const md = createMarkdown(root, { frameBudget: 1e9, page: "http://page.test/" });
	for (let i = 0; i < text.length; i += size) {
		md.push(text.slice(i, i + size));
		md.render();
	}
	for (let more = ended && md.end(); more; ) more = md.render();
	return root.innerHTML;
}

const ALPHABETS = [
	["*", "**", "_", " ", "a", "b ", "word ", "x. ", "\n"],
	["[", "]", "(", ")", "*", "a ", "!", "](b) ", "[r]", "word "],
	["`", "``", "a", " b ", "\\", "<", ">", "<b>", "&amp;", "&", "*", "word "],
	[
		"~~",
		"~",
		"*",
		"__",
		"$",
		"$x$",
		"\\(",
		"\\)",
		"a",
		" ",
		"www.a.b ",
		"a@b.c ",
		"http://a.b/_c ",
	],
	["<sub>", "</sub>", "<mark>", "</mark>", "a ", "word ", "*", "**", "[", "](b) ", "<br>", "\n"],
	["*long ", "plain words that go on and on ", "some more of them ", "end* ", "**", "`code` "],
];

function junk(length: number, seed: number): string {
	const next = random(seed);
	const alphabet = ALPHABETS[seed % ALPHABETS.length] as string[];
	let text = "a";
	while (text.length < length) {
		const one = alphabet[Math.floor(next() * alphabet.length)] as string;
		text += text.endsWith("\n") && one.trim() === "" ? "a" : one;
	}
	return text.slice(0, length);
}

const seeds = Array.from({ length: 20 }, (_, i) => i);

describe("a long paragraph", () => {
	it.each(seeds)("ends as a whole reading does, seed %i", (seed) => {
		const text = junk(5_000, seed);
		const whole = html(text, text.length, true);
		for (const size of [7, 131, 1_999]) expect(html(text, size, true)).toBe(whole);
	});

	it.each(seeds)("equals a fresh render at any prefix, seed %i", (seed) => {
		const text = junk(4_000, seed + 100);
		const next = random(seed);
		for (let i = 0; i < 6; i++) {
			const prefix = text.slice(0, 500 + Math.floor(next() * 3_500));
			expect(html(prefix, 13, false)).toBe(html(prefix, prefix.length, false));
		}
	});

	// A bracket opens before another one is too far back to be a link.
	it.each(["[a ", "![a [b](c) ", "<![CDATA[ a ", "[a *b* ", "[ "])("is committed: %s", (piece) => {
		const text = piece.repeat(40_000 / piece.length);
		const { grammar } = createMarkdown(document.createElement("div")).document;
		const lookup = { link: () => undefined, footnote: () => undefined };
		const { commit } = new Scan(text, grammar, lookup, SCAN_START, text.length, false).run();
		expect(commit?.length).toBeGreaterThan(text.length - 20_000);
		const whole = html(text, text.length, true);
		for (const size of [131, 1_999]) expect(html(text, size, true)).toBe(whole);
	});

	it.each([1, 2, 3])("with an open bracket somewhere ends as a whole reading does, %i", (seed) => {
		const next = random(seed);
		const pick = () => ["word ", "[a ", "[b](c) ", "*d* ", "]", "**"][Math.floor(next() ** 3 * 6)];
		const text = Array.from({ length: 5_000 }, pick).join("");
		const whole = html(text, text.length, true);
		for (const size of [131, 1_999]) expect(html(text, size, true)).toBe(whole);
	});

	it("finds an opener that was painted long ago", () => {
		const text = `**bold ${"plain words ".repeat(300)}end** after`;
		for (const size of [5, 97]) {
			const page = html(text, size, true);
			expect(page).toContain("<strong>bold");
			expect(page).toContain("end</strong> after");
		}
	});
});

// Lines of characters that begin other blocks, until they are too long for that.
describe.each([
	["*|"],
	[":*"],
	[">**"],
	["_|"],
	["[x]: <"],
	["[x]: <a_"],
	["$$[^a]~~"],
	["\\[!&"],
	["\\begin{align} x"],
	["```a`"],
	["1.2."],
	["+-"],
])("a long line of %s", (unit) => {
	const text = unit.repeat(10_000 / unit.length);

	it("is parsed once, and costs no more from then on", () => {
		const md = createMarkdown(document.createElement("div"), { frameBudget: 1e9 });
		md.push(text);
		md.render();
		expect(md.document.decided.lines).toBe(1);
	});

	it.each(["", "\n===\n", "$$"])("equals a fresh render of it, before %j", (end) => {
		for (const length of [401, 8_003]) {
			const prefix = text.slice(0, length) + end;
			for (const ended of [false, true])
				expect(html(prefix, 251, ended)).toBe(html(prefix, prefix.length, ended));
		}
	});
});

it("a paragraph of definitions shows what follows them, however it is cut", () => {
	const text = `${Array.from({ length: 300 }, (_, i) => `[a${i}]: http://x.test/${i}\n'title'\n`).join("")}[a7] [b]`;
	const whole = html(text, text.length, true);
	expect(whole).toContain("http://x.test/7");
	for (const size of [7, 131]) {
		expect(html(text, size, true)).toBe(whole);
		expect(html(text, size, false)).toBe(html(text, text.length, false));
	}
});
