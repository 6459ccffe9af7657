/**
 * The extension examples of cmark-gfm's two specifications, fed whole and by
 * character, on the tree and through the page.
 */

import { describe, expect, it } from "vitest";
import { createMarkdown, type MarkdownOptions } from "../markdown/markdown";
import { treeOf } from "../markdown/tree";
import { allowedTree, loosely, pageHtml } from "./dom";
import { toHtml } from "./html";
import { absent, examplesOf } from "./shared-specs";

const PAGE = "http://page.test/";

/** The extensions that GFM does not have. */
const OFF: MarkdownOptions = { math: false, tags: false, cjk: false, addresses: false };

function feed(markdown: string, size: number, options: MarkdownOptions = OFF) {
	const root = document.createElement("div");
	const md = createMarkdown(root, { page: PAGE, ...options });
	for (let i = 0; i < markdown.length; i += size) {
		md.push(markdown.slice(i, i + size));
		md.render();
	}
	md.end();
	return { root, tree: treeOf(md.document) };
}

// The filter turns some raw tags into text; here every raw tag is text.
const specification = examplesOf("specs/gfm-spec.txt").filter(({ extension }) =>
	["table", "strikethrough", "autolink"].includes(extension),
);
const extensions = examplesOf("specs/gfm-ext.txt").filter(
	({ html, markdown }) => !html.includes("<IGNORE>") && !markdown.includes("<xmp>"),
);
const tasks = examplesOf("specs/gfm-spec.txt").filter(({ html }) => html.includes("checkbox"));

// The two documents disagree: where GitHub itself answers, the specification's text holds.
const normal = (html: string) =>
	html
		.replace(/<br ?\/?>\n?/g, "<br />")
		.replace(/ (?:disabled|checked)=""/g, (found) => found)
		.replace(/<input(?: checked="")? disabled="" type="checkbox">/g, (found) =>
			found.includes("checked")
				? '<input type="checkbox" checked="" disabled="" />'
				: '<input type="checkbox" disabled="" />',
		);

describe.each([
	["the specification", specification],
	["extensions.txt", extensions],
	["task lists", tasks],
])(`GFM, %s${absent}`, (_name, examples) => {
	it.skipIf(absent)("has examples", () => expect(examples.length).toBeGreaterThan(0));

	it.each(examples)("line $line, with the other extensions on", ({ markdown, html }) => {
		const { tree } = feed(markdown, markdown.length, {});
		expect(normal(loosely(toHtml(tree)))).toBe(normal(loosely(html)));
	});

	it.each(examples)("line $line: $extension", ({ markdown, html }) => {
		for (const size of [markdown.length, 1]) {
			const { root, tree } = feed(markdown, size);
			expect(normal(loosely(toHtml(tree)))).toBe(normal(loosely(html)));
			if (html.includes("footnote") || html.includes("<strong>hello")) continue;
			const shown = allowedTree(tree, PAGE)[0];
			if (shown) expect(loosely(pageHtml(root))).toBe(loosely(toHtml(shown)));
		}
	});
});
