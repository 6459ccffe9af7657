/**
 * The page, and the tree, each as HTML in the form of the specification, so that a test
 * can compare the two.
 */

import type { Tree } from "../markdown/tree";
import { safeLink } from "../policy/links";
import { encode } from "./html";

/** The tree as it may be shown: unsafe links as text, images as placeholders. */
export function allowedTree(tree: Tree, page: string): Tree[] {
	const children = (tree.children ?? []).flatMap((child) => allowedTree(child, page));
	if (tree.type === "html") return [{ type: "text", text: tree.text ?? "" }];
	if (tree.type === "image")
		return [{ type: "text", text: `[image ${alt(tree).trim() || "image"}]` }];
	if (tree.type === "link") {
		const safe = safeLink(tree.href ?? "", page);
		return safe ? [{ ...tree, href: safe.href, children }] : children;
	}
	return [{ ...tree, children }];
}

function alt(tree: Tree): string {
	if (tree.type === "softBreak" || tree.type === "hardBreak") return "\n";
	return (tree.text ?? "") + (tree.children ?? []).map(alt).join("");
}

/** The page as HTML, without elements that are only decoration. */
export function pageHtml(root: HTMLElement): string {
	return [...root.childNodes].map((node) => html(node, false)).join("");
}

function html(node: Node, tight: boolean): string {
	if (!(node instanceof HTMLElement)) return escaped(node.textContent ?? "");
	const name = node.className;
	if (node.hidden || name === "nbmd-host" || name === "nbmd-code-head") return "";
	if (name === "nbmd-image") return `[image ${node.firstElementChild?.firstChild?.textContent}]`;
	const inside = (close = false) =>
		[...node.childNodes].map((child) => html(child, close)).join("");
	if (name === "nbmd-group" || name === "nbmd-code" || name === "nbmd-lines") return inside();
	if (name === "nbmd-table") return inside();
	const tag = node.localName;
	switch (tag) {
		case "p":
			return tight ? `${inside()}\n` : `<p>${inside()}</p>\n`;
		case "li": {
			const close = node.parentElement?.className === "nbmd-tight";
			const one = inside(close).replace(/\n$/, "");
			return `<li>${one}</li>\n`;
		}
		case "br":
			return "<br />";
		case "hr":
			return "<hr />\n";
		case "a":
			return `<a href="${escaped(encode(node.getAttribute("href") ?? ""))}"${attribute(node, "title")}>${inside()}</a>`;
		case "input":
			return `<input type="checkbox"${node.hasAttribute("checked") ? ' checked=""' : ""} disabled="" /> `;
		default: {
			const marks = attribute(node, "start") + attribute(node, "align");
			const block = /^(?:h\d|ul|ol|blockquote|pre|table|thead|tbody|tr|t[hd])$/.test(tag);
			const open = /^(?:ul|ol|blockquote|table|thead|tbody|tr)$/.test(tag) ? "\n" : "";
			return `<${tag}${marks}>${open}${inside()}</${tag}>${block ? "\n" : ""}`;
		}
	}
}

function attribute(el: Element, name: string): string {
	const value = el.getAttribute(name);
	return value === null ? "" : ` ${name}="${escaped(value)}"`;
}

function escaped(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");
}

/** White space between blocks, and a fence's language, are not compared. */
export function loosely(html: string): string {
	return html
		.replace(/<code class="[^"]*">/g, "<code>")
		.replace(/<li>\n/g, "<li>")
		.replace(/\n+(?=<\/?(?:ul|ol|li|p|pre|blockquote|h\d|hr|table)\b)/g, "\n")
		.replace(/\n<\/li>/g, "</li>");
}
