/**
 * Converts parsed Markdown inlines (text, emphasis, links) to descriptions of DOM nodes, from
 * which patch.ts creates the nodes. A link can be clicked only when it is complete.
 */

import { IN_CODE, visible } from "../../policy/characters";
import { mustShowHost, safeLink } from "../../policy/links";
import { footnoteKey } from "../block/references";
import { type Inline, type InlineKind, plainText } from "../inline/node";
import { MAX_INLINE_DEPTH } from "../limits";
import type { RenderContext } from "./context";
import type { Attributes, Tag } from "./element";
import { imageSlot } from "./image";
import { mathSlot } from "./math";
import type { Description, Slot } from "./patch";

/** The elements whose names are not those of their kinds. */
const TAGS: Partial<Record<InlineKind, Tag>> = { emph: "em", strike: "del" };

/** Stands for a picture in a link's text: it can show any text. */
const PICTURE = "\ufffc";

/** An element of the host page, and its position in the text of a leaf block. */
export interface PlacedMark {
	readonly at: number;
	readonly slot: Slot;
}

/** The marks of a leaf block in order, and how many of them are described. */
export interface MarkCursor {
	readonly marks: readonly PlacedMark[];
	next: number;
}

/** Describes the marks up to a position of the text, which is included. */
export function marksUpTo(cursor: MarkCursor, at: number): Slot[] {
	const found: Slot[] = [];
	for (
		let mark = cursor.marks[cursor.next];
		mark && mark.at <= at;
		mark = cursor.marks[++cursor.next]
	) {
		found.push(mark.slot);
	}
	return found;
}

/** Describes the siblings from `from` up to `until`, which is not included. */
export function describe(
	from: Inline | null,
	until: Inline | null,
	ctx: RenderContext,
	depth = 0,
	marks: MarkCursor | null = null,
): Description[] {
	const list: Description[] = [];
	for (let node = from; node && node !== until; node = node.next) {
		if (marks) list.push(...marksUpTo(marks, begin(node)));
		if (marks && node.kind === "text") list.push(...markedText(node, marks));
		else list.push(...describeNode(node, ctx, depth, marks));
	}
	return list;
}

/** The last position that is before a node. */
function begin(node: Inline): number {
	let first = node;
	while (first.first && first.to === 0) first = first.first;
	// The marker of a node that wraps others comes before them.
	return first === node ? node.from : first.from - 1;
}

/** A text with the marks in it and at its end. Its own source is not divided: `&amp;` */
function markedText({ text, from, to }: Inline, marks: MarkCursor): Description[] {
	const list: Description[] = [];
	let done = 0;
	if (text.length === to - from) {
		for (let at = marks.marks[marks.next]?.at; at !== undefined && at < to; ) {
			list.push(visible(text.slice(done, at - from)), ...marksUpTo(marks, at));
			done = at - from;
			at = marks.marks[marks.next]?.at;
		}
	}
	return [...list, visible(text.slice(done)), ...marksUpTo(marks, to)];
}

/** Describes one node with its children. */
function describeNode(
	node: Inline,
	ctx: RenderContext,
	depth: number,
	marks: MarkCursor | null,
): Description[] {
	const { kind, text } = node;
	switch (kind) {
		case "text":
		case "html":
			return [visible(text)];
		case "softBreak":
			return ["\n"];
		case "hardBreak":
			return [{ tag: "br" }, "\n"];
		case "code":
			return [{ tag: "code", children: [visible(text, IN_CODE)] }];
		case "math":
			return [mathSlot(text, node.display, ctx.options)];
		case "footnoteReference":
			return [ctx.footnotes.reference(footnoteKey(text))];
		case "image":
			return [image(node, ctx)];
	}
	// Nested too deeply: show the text without its element.
	if (depth >= MAX_INLINE_DEPTH) return [visible(plainText(node))];
	// A mark in a link comes after it.
	const inside = kind === "link" ? null : marks;
	const children = describe(node.first, null, ctx, depth + 1, inside);
	if (kind === "link") return link(node, ctx, children);
	return [{ tag: TAGS[kind] ?? (kind as Tag), children }];
}

/** Describes an image. */
function image(node: Inline, ctx: RenderContext): Description {
	const { options, page } = ctx;
	const alt = plainText(node);
	// While the address is being written, show the alt text.
	if (node.partial) return { tag: "span", children: [visible(alt)] };
	return imageSlot({ src: node.href, alt, title: node.title }, options, page);
}

/** Describes a link, or plain text if the address is not safe. */
function link(node: Inline, ctx: RenderContext, children: Description[]): Description[] {
	if (node.partial) return [{ tag: "a", children }];
	const safe = safeLink(node.href, ctx.page);
	if (!safe) return children;
	const attributes: Attributes = {
		href: safe.href,
		target: "_blank",
		rel: "noopener noreferrer nofollow ugc",
		referrerpolicy: "no-referrer",
	};
	if (node.title) attributes.title = visible(node.title);
	const text = plainText(node, PICTURE);
	if (mustShowHost(text, safe, node.around) || (node.title && mustShowHost(node.title, safe))) {
		children.push({
			tag: "span",
			attributes: { class: "nbmd-host" },
			children: [` (${safe.host})`],
		});
	}
	return [{ tag: "a", attributes, children }];
}
