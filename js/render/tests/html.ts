/**
 * The tree as the specification's HTML. For tests only: the renderer itself makes no HTML
 * strings.
 */

import type { Tree } from "../markdown/tree";

export function toHtml(tree: Tree): string {
	const notes = new Notes(tree);
	const body = blocks(tree.children ?? [], false, notes);
	return body + notes.section();
}

/** Footnotes in the order they are first referred to, as cmark-gfm has them. */
class Notes {
	readonly #defined = new Map<string, Tree>();
	readonly #used: string[] = [];

	constructor(tree: Tree) {
		const visit = (node: Tree) => {
			if (node.type === "footnote" && !this.#defined.has(node.label ?? "")) {
				this.#defined.set(node.label ?? "", node);
			}
			node.children?.forEach(visit);
		};
		visit(tree);
	}

	number(label: string): number {
		if (!this.#used.includes(label)) this.#used.push(label);
		return this.#used.indexOf(label) + 1;
	}

	section(): string {
		if (this.#used.length === 0) return "";
		let items = "";
		for (const [i, label] of this.#used.entries()) {
			const back = `<a href="#fnref${i + 1}" class="footnote-backref">↩</a>`;
			const body = blocks(this.#defined.get(label)?.children ?? [], false, this);
			const inside = body.endsWith("</p>\n")
				? `${body.slice(0, -5)} ${back}</p>\n`
				: `${body}${back}\n`;
			items += `<li id="fn${i + 1}">\n${inside}</li>\n`;
		}
		return `<section class="footnotes">\n<ol>\n${items}</ol>\n</section>\n`;
	}
}

function blocks(nodes: readonly Tree[], tight: boolean, notes: Notes): string {
	return nodes.map((node) => block(node, tight, notes)).join("");
}

function block(node: Tree, tight: boolean, notes: Notes): string {
	const inside = () => inlines(node.children ?? [], notes);
	switch (node.type) {
		case "paragraph":
			return tight ? `${inside()}\n` : `<p>${inside()}</p>\n`;
		case "heading":
			return `<h${node.level}>${inside()}</h${node.level}>\n`;
		case "code": {
			const language = node.language ? ` class="language-${escaped(node.language)}"` : "";
			return `<pre><code${language}>${escaped(node.text ?? "")}</code></pre>\n`;
		}
		case "html":
			return `${node.text}\n`;
		case "break":
			return "<hr />\n";
		case "quote":
			return `<blockquote>\n${blocks(node.children ?? [], false, notes)}</blockquote>\n`;
		case "list": {
			const tag = node.ordered ? "ol" : "ul";
			const start = node.ordered && node.start !== 1 ? ` start="${node.start}"` : "";
			const items = (node.children ?? []).map((item) => listItem(item, node.tight ?? true, notes));
			return `<${tag}${start}>\n${items.join("")}</${tag}>\n`;
		}
		case "table":
			return table(node, notes);
		case "math":
			return `<math>${escaped(node.text ?? "")}</math>\n`;
		default:
			return "";
	}
}

function listItem(item: Tree, tight: boolean, notes: Notes): string {
	const box =
		item.checked === undefined
			? ""
			: `<input type="checkbox"${item.checked ? ' checked=""' : ""} disabled="" /> `;
	let html = "";
	for (const child of item.children ?? []) {
		const bare = tight && child.type === "paragraph";
		if (!bare && !html.endsWith("\n")) html += "\n";
		const one = block(child, tight, notes);
		html += bare ? `${html.endsWith("\n") ? "" : html && "\n"}${one.replace(/\n$/, "")}` : one;
	}
	return `<li>${box}${html}</li>\n`;
}

function table(node: Tree, notes: Notes): string {
	const [head, ...rows] = node.children ?? [];
	const row = (one: Tree | undefined, tag: string) => {
		const cells = (one?.children ?? []).map((cell, i) => {
			const align = node.align?.[i] ? ` align="${node.align[i]}"` : "";
			return `<${tag}${align}>${inlines(cell.children ?? [], notes)}</${tag}>\n`;
		});
		return `<tr>\n${cells.join("")}</tr>\n`;
	};
	const body = rows.length
		? `<tbody>\n${rows.map((one) => row(one, "td")).join("")}</tbody>\n`
		: "";
	return `<table>\n<thead>\n${row(head, "th")}</thead>\n${body}</table>\n`;
}

function inlines(nodes: readonly Tree[], notes: Notes): string {
	return nodes.map((node) => inline(node, notes)).join("");
}

function inline(node: Tree, notes: Notes): string {
	const inside = () => inlines(node.children ?? [], notes);
	const title = node.title ? ` title="${escaped(node.title)}"` : "";
	switch (node.type) {
		case "text":
			return escaped(node.text ?? "");
		case "code":
			return `<code>${escaped(node.text ?? "")}</code>`;
		case "html":
			return node.text ?? "";
		case "softBreak":
			return "\n";
		case "hardBreak":
			return "<br />\n";
		case "emph":
			return `<em>${inside()}</em>`;
		case "strong":
			return `<strong>${inside()}</strong>`;
		case "strike":
			return `<del>${inside()}</del>`;
		case "link":
			return `<a href="${escaped(encode(node.href ?? ""))}"${title}>${inside()}</a>`;
		case "image":
			return `<img src="${escaped(encode(node.href ?? ""))}" alt="${escaped(alt(node))}"${title} />`;
		case "footnoteReference": {
			const n = notes.number(node.label ?? "");
			return `<sup class="footnote-ref"><a href="#fn${n}" id="fnref${n}">${n}</a></sup>`;
		}
		default:
			return `<math>${escaped(node.text ?? "")}</math>`;
	}
}

function alt(node: Tree): string {
	if (node.type === "softBreak" || node.type === "hardBreak") return "\n";
	return (node.text ?? "") + (node.children ?? []).map(alt).join("");
}

function escaped(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");
}

/** Percent-encoding as the specification's examples have it. */
export function encode(href: string): string {
	return href.replace(/%[0-9a-fA-F]{2}|[^A-Za-z0-9;/?:@&=+$,\-_.!~*'()#]/gu, (found) =>
		found.length === 3 && found[0] === "%" ? found : encodeURIComponent(found),
	);
}
