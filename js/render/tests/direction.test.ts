import { expect, test } from "vitest";
import { createMarkdown } from "../markdown/markdown";

/** The blocks that have a direction of their own, such as `p rtl`; by character as whole. */
function directions(text: string): string[] {
	const draw = (pieces: string[]) => {
		const root = document.createElement("div");
		root.className = "nbmd";
		const md = createMarkdown(root, { page: "http://page.test/", frameBudget: 1e9 });
		for (const piece of pieces) {
			md.push(piece);
			md.render();
		}
		md.end();
		return [...root.querySelectorAll<HTMLElement>("[dir]")].map(
			(el) => `${el.className || el.localName} ${el.dir}`,
		);
	};
	const whole = draw([text]);
	expect(draw([...text])).toEqual(whole);
	return whole;
}

test.each([
	["plain English", []],
	["שלום", ["p rtl"]],
	["**123** مرحبا", ["p rtl"]],
	["# כותרת\n\ntext", ["h1 rtl"]],
	["`npm` זה כלי", ["p rtl"]],
	["$x$ הוא מספר", ["p rtl"]],
	["> ציטוט\n>\n> English", ["blockquote rtl", "p ltr"]],
	["- אחד\n- two\n- 3", ["nbmd-tight rtl", "li ltr"]],
	["- one\n- שתיים", ["li rtl"]],
	["| שם | x |\n|---|---|\n| א | b |", ["nbmd-table rtl", "th ltr", "td ltr"]],
	["| a | b |\n|---|---|\n| א | b |", ["td rtl"]],
	["```\nשלום\n```", []],
	["[^1] a\n\n[^1]: הערה", ["nbmd-note rtl"]],
])("%j", (text, expected) => {
	expect(directions(text)).toEqual(expected);
});
