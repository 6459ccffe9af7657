/**
 * Updates the child nodes of a DOM element to match a description of them.
 *
 * A node is reused if the next one in its place has the same tag or key, and text grows in its
 * Text node; one that moves or is nested anew is created again. The first children can be
 * declared final: they are not compared again.
 */

import { type Attributes, detach, make, setAttributes, type Tag } from "./element";

/** An element to be created, with its children. */
export interface Described {
	readonly tag: Tag;
	readonly attributes?: Attributes;
	readonly children?: readonly Description[];
}

/** An element that its own file creates, such as an image. One with the same key is reused. */
export interface Slot {
	readonly key: string;
	readonly create: () => HTMLElement;
}

/** A child node: text, an element, or one that its own file creates. */
export type Description = string | Described | Slot;

const slots = new WeakMap<Node, string>();

// The browser lays out a whole Text node again when it grows, so a long text is split.
const SOFT_LIMIT = 2_000;
const NONE = -1;

/** The children of one element. The first ones are final and never change again. */
export class Patch {
	/** The last final child. If it is a Text that still grows, `#fixed` is its final length. */
	#anchor: ChildNode | null = null;
	#fixed = NONE;
	/** The length of the anchor's text after the last painting. */
	#length: number | undefined;

	// While painting: the last child that is done, and the text to be written after it.
	// That text goes into `#open`, if there is one, after its first `#from` characters.
	#last: ChildNode | null = null;
	#open: Text | null = null;
	#from = 0;
	#text = "";
	/** Final length of the next text to be written. */
	#mark = NONE;

	constructor(readonly el: HTMLElement) {}

	/**
	 * Whether something else changed the last final child: the page's search puts what it finds in
	 * elements of its own, a translator replaces texts. Then all has to be painted again.
	 */
	get changed(): boolean {
		const anchor = this.#anchor;
		return !!anchor && (anchor.parentNode !== this.el || lengthOf(anchor) !== this.#length);
	}

	/** Makes all children changeable again. They can still be reused. */
	reset(): void {
		this.#anchor = null;
		this.#fixed = NONE;
	}

	/** Paints more final nodes, then provisional ones, and removes all others after them. */
	paint(final: readonly Description[], provisional: readonly Description[]): void {
		this.#begin();
		for (const one of final) this.#add(one);
		if (this.#open || this.#text) this.#mark = this.#from + this.#text.length;
		else {
			this.#anchor = this.#last;
			this.#fixed = NONE;
		}
		for (const one of provisional) this.#add(one);
		this.#flush();
		for (let extra = this.#after(); extra; extra = this.#after()) detach(extra);
		this.#length = lengthOf(this.#anchor);
	}

	/** Starts after the last final child. */
	#begin(): void {
		const text = this.#anchor instanceof Text ? this.#anchor : null;
		if (text && this.#fixed >= SOFT_LIMIT) {
			if (this.#fixed < text.length) text.splitText(this.#fixed);
			this.#fixed = NONE;
		}
		this.#last = this.#anchor;
		this.#open = this.#fixed === NONE ? null : text;
		this.#from = this.#open ? this.#fixed : 0;
		this.#text = "";
		this.#mark = NONE;
	}

	/** Collects a text, or places an element. */
	#add(one: Description): void {
		if (typeof one === "string") {
			this.#text += one;
			return;
		}
		this.#flush();
		this.#place("key" in one ? this.#slot(one) : this.#element(one));
	}

	/** Writes the collected text into one Text node. */
	#flush(): void {
		const next = this.#open ?? this.#after();
		if (this.#open || (this.#text && next instanceof Text)) {
			this.#last = setText(next as Text, this.#from, this.#text);
		} else if (this.#text) {
			this.#place(document.createTextNode(this.#text));
		}
		if (this.#mark !== NONE) {
			this.#anchor = this.#last;
			this.#fixed = this.#mark;
		}
		this.#mark = NONE;
		this.#open = null;
		this.#from = 0;
		this.#text = "";
	}

	/** The element of a slot: the existing one if it has the same key. */
	#slot(slot: Slot): HTMLElement {
		const next = this.#after();
		if (next && slots.get(next) === slot.key) return next as HTMLElement;
		const el = slot.create();
		slots.set(el, slot.key);
		return el;
	}

	/** The element for a description: the existing one if it has the same tag. */
	#element(one: Described): HTMLElement {
		const next = this.#after();
		const same =
			next instanceof HTMLElement && next.localName === one.tag && !slots.has(next) ? next : null;
		const el = same ?? make(one.tag);
		setAttributes(el, one.attributes ?? {});
		if (one.children?.length || el.firstChild) new Patch(el).paint([], one.children ?? []);
		return el;
	}

	/** Puts a node after the last child that is done. */
	#place(node: ChildNode): void {
		const next = this.#after();
		if (next !== node) this.el.insertBefore(node, next);
		this.#last = node;
	}

	/** The node after the last child that is done. */
	#after(): ChildNode | null {
		return this.#last ? this.#last.nextSibling : this.el.firstChild;
	}
}

/** The length of a Text; of an element undefined. */
function lengthOf(node: ChildNode | null): number | undefined {
	return (node as Text | null)?.length;
}

/**
 * Changes the text of a node after its first `fixed` characters, and returns the node or its
 * replacement. Changes only what differs, so that a selection in the rest survives.
 */
function setText(node: Text, fixed: number, text: string): Text {
	const old = node.data.slice(fixed);
	if (old === text) return node;
	if (text.startsWith(old)) {
		node.appendData(text.slice(old.length));
		return node;
	}
	if (isCrowded(node)) {
		const other = document.createTextNode(node.data.slice(0, fixed) + text);
		node.replaceWith(other);
		return other;
	}
	let same = 0;
	while (same < text.length && text[same] === old[same]) same++;
	node.replaceData(fixed + same, old.length - same, text.slice(same));
	return node;
}

/**
 * Whether a text is in a paragraph of so many nodes that the browser takes long to shorten it:
 * 300 ms among 4,000 nodes in Chromium, which replaces it in no time.
 */
function isCrowded({ parentNode }: Text): boolean {
	return [parentNode, parentNode?.parentNode].some((el) => (el?.childNodes.length ?? 0) > 500);
}
