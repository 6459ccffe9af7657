/**
 * Inlines as descriptions of nodes.
 *
 * Knows how each inline looks and that only a complete link is live. Refuses to
 * touch the document: patch.ts does.
 */

import { noteName } from "../block/references";
import { type Inline, plainText } from "../inline/node";
import { INLINE_DEPTH } from "../limits";
import type { Painter } from "./context";
import { type Attributes, type Tag, visible } from "./element";
import { imageSlot } from "./image";
import { mathSlot } from "./math";
import type { Description } from "./patch";
import { pretends, safeLink } from "./url";

const TAGS: Partial<Record<string, Tag>> = { emph: "em", strong: "strong", strike: "del" };

/** The siblings from `from` up to `until`, which is not included. */
export function describe(
	from: Inline | null,
	until: Inline | null,
	painter: Painter,
	depth = 0,
): Description[] {
	const list: Description[] = [];
	for (let node = from; node && node !== until; node = node.next) {
		list.push(...one(node, painter, depth));
	}
	return list;
}

function one(node: Inline, painter: Painter, depth: number): Description[] {
	const { kind, text } = node;
	switch (kind) {
		case "text":
		case "html":
			return [visible(text)];
		case "soft":
			return ["\n"];
		case "hard":
			return [{ tag: "br" }, "\n"];
		case "code":
			return [{ tag: "code", children: [visible(text)] }];
		case "math":
			return [mathSlot(text, node.display, painter.options)];
		case "note":
			return [painter.notes.reference(noteName(text))];
		case "image":
			return [image(node, painter)];
	}
	// Deeper than anybody writes: the text, without its element.
	if (depth >= INLINE_DEPTH) return [visible(plainText(node))];
	const children = describe(node.first, null, painter, depth + 1);
	if (kind === "link") return link(node, painter, children);
	return [{ tag: TAGS[kind] ?? "span", children }];
}

function image(node: Inline, painter: Painter): Description {
	const { options, page } = painter;
	const alt = plainText(node);
	// While its address is being written, what it says stands for it.
	if (node.partial) return { tag: "span", children: [visible(alt)] };
	return imageSlot({ src: node.href, alt, title: node.title }, options, page);
}

function link(node: Inline, painter: Painter, children: Description[]): Description[] {
	if (node.partial) return [{ tag: "a", children }];
	const safe = safeLink(node.href, painter.page);
	if (!safe) return children;
	const attributes: Attributes = {
		href: safe.href,
		target: "_blank",
		rel: "noopener noreferrer nofollow ugc",
		referrerpolicy: "no-referrer",
	};
	if (node.title) attributes.title = visible(node.title);
	if (pretends(plainText(node), safe.host)) {
		children.push({
			tag: "span",
			attributes: { class: "nbmd-host" },
			children: [` (${safe.host})`],
		});
	}
	return [{ tag: "a", attributes, children }];
}
