/**
 * CommonMark 0.31.2, all of it, on the tree and through the page; whole, in
 * pieces, and character by character. With the extensions on, all but a listed few examples
 * give the same.
 */

import { tests } from "commonmark-spec";
import { describe, expect, it } from "vitest";
import { createMarkdown, type MarkdownOptions } from "../markdown/markdown";
import { treeOf } from "../markdown/tree";
import { allowedTree, loosely, pageHtml } from "./dom";
import { toHtml } from "./html";

const PLAIN: MarkdownOptions = {
	gfm: false,
	footnotes: false,
	math: false,
	tags: false,
	cjk: false,
	addresses: false,
};
const PAGE = "http://page.test/";

const examples = tests.map((test) => ({
	...test,
	markdown: test.markdown.replaceAll("→", "\t"),
	html: test.html.replaceAll("→", "\t"),
}));

function feed(markdown: string, size: number, options: MarkdownOptions) {
	const root = document.createElement("div");
	const md = createMarkdown(root, { ...options, page: PAGE });
	for (let i = 0; i < markdown.length; i += size) {
		md.push(markdown.slice(i, i + size));
		md.render();
	}
	md.end();
	return { root, tree: treeOf(md.document) };
}

const sizes = [
	["whole", Number.POSITIVE_INFINITY],
	["by 5 characters", 5],
	["by 1 character", 1],
] as const;

describe.each(sizes)("CommonMark 0.31.2, %s", (_name, size) => {
	it("has 652 examples", () => expect(examples).toHaveLength(652));

	it.each(examples)("example $number, $section", ({ markdown, html }) => {
		const { root, tree } = feed(markdown, Math.min(size, markdown.length), PLAIN);
		expect(toHtml(tree)).toBe(html);
		const shown = allowedTree(tree, PAGE)[0];
		if (shown && !hasHtml(tree)) expect(loosely(pageHtml(root))).toBe(loosely(toHtml(shown)));
	});
});

describe("CommonMark 0.31.2 with all extensions", () => {
	const differs = new Set([
		12, // `\[` and `\(` open formulas.
		...[21, 31], // An HTML block is a paragraph of raw HTML.
		...Array.from({ length: 44 }, (_, i) => 148 + i).filter((n) => n !== 168 && n !== 187),
		...[308, 309], // A comment between two lists likewise.
		...[602, 608, 611, 612], // GFM finds addresses where there are no angle brackets.
	]);

	it.each(examples)("example $number, $section", ({ number, markdown, html }) => {
		const { tree } = feed(markdown, markdown.length, {});
		if (differs.has(number)) expect(toHtml(tree)).not.toBe(html);
		else expect(toHtml(tree)).toBe(html);
	});
});

function hasHtml(tree: { type: string; children?: { type: string }[] }): boolean {
	return tree.type === "html" || (tree.children ?? []).some(hasHtml);
}
