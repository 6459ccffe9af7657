/**
 * Converts parsed Markdown inlines (text, emphasis, links) to descriptions of DOM nodes, from
 * which patch.ts creates the nodes. A link can be clicked only when it is complete.
 */

import { footnoteKey } from "../block/references";
import { type Inline, plainText } from "../inline/node";
import { MAX_INLINE_DEPTH } from "../limits";
import type { RenderContext } from "./context";
import { type Attributes, type Tag, visible } from "./element";
import { imageSlot } from "./image";
import { mathSlot } from "./math";
import type { Description } from "./patch";
import { imitatesHost, safeLink } from "./url";

const TAGS: Partial<Record<string, Tag>> = {
	emph: "em",
	strong: "strong",
	strike: "del",
	sub: "sub",
	sup: "sup",
	kbd: "kbd",
	mark: "mark",
};

/** Describes the siblings from `from` up to `until`, which is not included. */
export function describe(
	from: Inline | null,
	until: Inline | null,
	ctx: RenderContext,
	depth = 0,
): Description[] {
	const list: Description[] = [];
	for (let node = from; node && node !== until; node = node.next) {
		list.push(...describeNode(node, ctx, depth));
	}
	return list;
}

/** Describes one node with its children. */
function describeNode(node: Inline, ctx: RenderContext, depth: number): Description[] {
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
			return [{ tag: "code", children: [visible(text)] }];
		case "math":
			return [mathSlot(text, node.display, ctx.options)];
		case "footnoteReference":
			return [ctx.footnotes.reference(footnoteKey(text))];
		case "image":
			return [image(node, ctx)];
	}
	// Nested too deeply: show the text without its element.
	if (depth >= MAX_INLINE_DEPTH) return [visible(plainText(node))];
	const children = describe(node.first, null, ctx, depth + 1);
	if (kind === "link") return link(node, ctx, children);
	return [{ tag: TAGS[kind] ?? "span", children }];
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
	if (imitatesHost(plainText(node), safe.host)) {
		children.push({
			tag: "span",
			attributes: { class: "nbmd-host" },
			children: [` (${safe.host})`],
		});
	}
	return [{ tag: "a", attributes, children }];
}
