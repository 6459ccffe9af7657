/**
 * What others change in a text while it grows: the page's search marks what it finds, as
 * JupyterLab's does, and a translator replaces texts. Nothing is lost, doubled or out of order.
 */

import { expect, it } from "vitest";
import { createJson } from "../json/json";
import { createMarkdown } from "../markdown/markdown";

type Change = (root: HTMLElement) => void;

function textsIn(root: HTMLElement): Text[] {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	const found: Text[] = [];
	for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node as Text);
	return found;
}

/** Marks each "needle", and takes the marks of the last time away, as JupyterLab's search does. */
function search(): Change {
	let marks: HTMLElement[] = [];
	return (root) => {
		for (const mark of marks) {
			const parent = mark.parentNode as ParentNode & Node; // null here ends JupyterLab's search
			parent.replaceChild(document.createTextNode(mark.textContent as string), mark);
			parent.normalize();
		}
		marks = [];
		for (const text of textsIn(root)) {
			for (let at = text.data.lastIndexOf("needle"); at >= 0; ) {
				const rest = text.splitText(at);
				rest.data = rest.data.slice("needle".length);
				const mark = document.createElement("mark");
				mark.textContent = "needle";
				text.parentNode?.insertBefore(mark, rest);
				marks.push(mark);
				at = text.data.lastIndexOf("needle");
			}
		}
	};
}

const translate: Change = (root) => {
	for (const text of textsIn(root)) {
		const font = document.createElement("font");
		font.textContent = text.data.toUpperCase();
		text.replaceWith(font);
	}
};

const STRAW = "straw needle straw, **needle** and `needle` in the hay. ";
const MARKDOWN = [
	STRAW.repeat(80),
	`# A needle\n\n${STRAW.repeat(3)}`,
	`\`\`\`python\n${"needle = 1  # a needle\n".repeat(90)}\`\`\``,
	`<div>\n${"a needle\n".repeat(20)}</div>`,
	`| needle | b |\n|---|---|\n${"| a needle | needles |\n".repeat(9)}`,
].join("\n\n");

function drawn(create: typeof createMarkdown | typeof createJson, text: string, change?: Change) {
	const root = document.createElement("div");
	document.body.append(root);
	const view = create(root, { frameBudget: 1e9, page: "http://page.test/" });
	for (let i = 0; i < text.length; i += 23) {
		view.push(text.slice(i, i + 23));
		view.render();
		if (i % 3 === 0) change?.(root);
	}
	for (let more = view.end(); more; ) more = view.render();
	root.remove();
	return root.textContent as string;
}

const JSON_TEXT = JSON.stringify({ needle: "a needle ".repeat(30), b: [12345, "needle needle"] });

it.each([
	["Markdown", createMarkdown, MARKDOWN],
	["JSON", createJson, JSON_TEXT],
] as const)("%s is whole after it was searched while it grew", (_, create, text) => {
	expect(drawn(create, text, search())).toBe(drawn(create, text));
});

it.each([
	["Markdown", createMarkdown, MARKDOWN],
	["JSON", createJson, JSON_TEXT],
] as const)("%s is whole after it was translated while it grew", (_, create, text) => {
	expect(drawn(create, text, translate).toLowerCase()).toBe(drawn(create, text).toLowerCase());
});
