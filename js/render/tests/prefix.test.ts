/**
 * At every prefix, the grown page equals a fresh rendering of that prefix. Painted nodes
 * stay, except where the meaning of the text changed.
 */

import { tests } from "commonmark-spec";
import { describe, expect, it } from "vitest";
import { createMarkdown, type MarkdownOptions } from "../markdown/markdown";
import { sample } from "./sample";
import { examplesOf } from "./shared-specs";

const PAGE: MarkdownOptions = { page: "http://page.test/", frameBudget: 1e9 };

function fresh(text: string): string {
	const root = document.createElement("div");
	const md = createMarkdown(root, PAGE);
	md.push(text);
	md.render();
	return root.innerHTML;
}

/** Feeds a text in pieces and compares at every step; returns the first difference. */
function firstDifference(text: string, size: number, every = 1): string | null {
	const root = document.createElement("div");
	const md = createMarkdown(root, PAGE);
	for (let i = 0, step = 0; i < text.length; i += size, step++) {
		md.push(text.slice(i, i + size));
		md.render();
		if (step % every !== 0) continue;
		const prefix = text.slice(0, i + size);
		const [grown, whole] = [root.innerHTML, fresh(prefix)];
		if (grown !== whole) {
			return `after ${JSON.stringify(prefix.slice(-200))}\ngrown: ${tail(grown, whole)}\nfresh: ${tail(whole, grown)}`;
		}
	}
	return null;
}

function tail(text: string, other: string): string {
	let same = 0;
	while (text[same] === other[same]) same++;
	return text.slice(Math.max(0, same - 60), same + 240);
}

describe("every prefix equals a fresh render of it", () => {
	it.each(tests)("CommonMark example $number", ({ markdown }) => {
		expect(firstDifference(markdown.replaceAll("→", "\t"), 1)).toBeNull();
	});

	it.each(examplesOf("specs/gfm-ext.txt"))("extension example, line $line", ({ markdown }) => {
		expect(firstDifference(markdown, markdown.length > 600 ? 3 : 1)).toBeNull();
	});

	// An underscore ends a text, until the rest of the word makes it a part of an address.
	it.each(
		["www.a.b__\ufe0f_www.a.b!", "www.a.b_は__www.a.b", "_http://a.b*\ufe00__www.a.b x"].concat([
			"[^1]\n\n[^1]: a!\n",
			"[^1]\n\n[^1]:     a!\n\n    b!\n",
			"a \f\n\n<1@b.co> x",
			// The text beside a link decides whether its host is shown.
			"a.b/[c](http://d.test/)[e](http://f.test/).g **[h](http://i.test/)**.j",
			"[a](http://b.test/)[c](http://d.test/)\n".repeat(3),
			`[a](http://b.test/)${"c".repeat(70)}.d [e][f]**g.h**\n\n[f]: http://i.test/\n`,
		]),
	)("%j", (text) => {
		expect(firstDifference(text, 1)).toBeNull();
	});

	// Longer ones are fed in a real browser, which is faster: browser.test.ts.
	it.each([1, 2, 3, 4])("a generated document, seed %i", (seed) => {
		expect(firstDifference(sample(600, seed), 1)).toBeNull();
	});
});
