/**
 * The nodes of the Markdown inline tree (text, emphasis, links, code), as linked lists between
 * which nodes can be moved.
 */

import type { TagName } from "./tags";

/** The kinds of inline nodes. */
export type InlineKind =
	| "root"
	| "text"
	| "softBreak"
	| "hardBreak"
	| "code"
	| "html"
	| "math"
	| "emph"
	| "strong"
	| "strike"
	| TagName
	| "link"
	| "image"
	| "footnoteReference";

/** One inline node, its siblings and its children. */
export class Inline {
	parent: Inline | null = null;
	prev: Inline | null = null;
	next: Inline | null = null;
	first: Inline | null = null;
	last: Inline | null = null;
	href = "";
	title = "";
	/** A display formula. */
	display = false;
	/** Incomplete: a link is shown without its address, an image as its text. */
	partial = false;
	/** The source before and after a link. */
	around: readonly string[] = [];
	/** Where its source begins and ends in the leaf's text; not set on one that wraps others. */
	from = 0;
	to = 0;

	constructor(
		readonly kind: InlineKind,
		public text = "",
	) {}

	append(child: Inline): Inline {
		child.parent = this;
		child.prev = this.last;
		child.next = null;
		if (this.last) this.last.next = child;
		else this.first = child;
		this.last = child;
		return child;
	}

	insertAfter(node: Inline): void {
		node.parent = this.parent;
		node.prev = this;
		node.next = this.next;
		if (this.next) this.next.prev = node;
		else if (this.parent) this.parent.last = node;
		this.next = node;
	}

	remove(): void {
		if (this.prev) this.prev.next = this.next;
		else if (this.parent) this.parent.first = this.next;
		if (this.next) this.next.prev = this.prev;
		else if (this.parent) this.parent.last = this.prev;
		this.parent = this.prev = this.next = null;
	}

	/** Moves everything between this node and `until` into `wrapper`, which takes its place. */
	wrap(until: Inline | null, wrapper: Inline): void {
		for (let node = this.next; node && node !== until; ) {
			const next: Inline | null = node.next;
			node.remove();
			wrapper.append(node);
			node = next;
		}
		this.insertAfter(wrapper);
	}
}

/**
 * The plain text of a node, as for an image's alt text, with `picture` before that of each image.
 * Not recursive, since trees can be deep.
 */
export function plainText(from: Inline, picture = ""): string {
	let text = "";
	const rest: Inline[] = [from];
	for (let node = rest.pop(); node; node = rest.pop()) {
		if (node.kind === "image") text += picture;
		text += node.kind === "softBreak" || node.kind === "hardBreak" ? "\n" : node.text;
		for (let child = node.last; child; child = child.prev) rest.push(child);
	}
	return text;
}
