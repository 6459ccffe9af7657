/**
 * Brings the end of an element's children to what it should be.
 *
 * Knows a small description of nodes and how to reuse the ones that are there,
 * so that text grows in its own Text node and nothing is made twice. Refuses to
 * know where the description came from.
 */

import { type Attributes, make, setAttributes, type Tag } from "./element";

export interface Described {
	readonly tag: Tag;
	readonly attributes?: Attributes;
	readonly children?: readonly Description[];
}

/** An element somebody else looks after; the same key means the same element. */
export interface Slot {
	readonly key: string;
	readonly create: () => HTMLElement;
}

export type Description = string | Described | Slot;

const slots = new WeakMap<Node, string>();

// The browser shapes a Text node anew when it grows, so a long text is many.
const SOFT = 2_000;
const CLOSED = -1;

/** The children of one element, of which the first ones are final. */
export class Patch {
	/** The last final child, and how much of it is, if it is a Text that still grows. */
	#anchor: ChildNode | null = null;
	#fixed = CLOSED;

	// While painting: the last child that is right, and text that comes after it,
	// which goes into `#open` after its first `#from` characters, if there is one.
	#last: ChildNode | null = null;
	#open: Text | null = null;
	#from = 0;
	#text = "";
	/** How much of the next text to be written is final. */
	#mark = CLOSED;

	constructor(readonly el: HTMLElement) {}

	/** Nothing is final any more; what is there can still be reused. */
	reset(): void {
		this.#anchor = null;
		this.#fixed = CLOSED;
	}

	/** Paints more that is final, then what is provisional, and removes the rest. */
	paint(final: readonly Description[], provisional: readonly Description[]): void {
		this.#begin();
		for (const one of final) this.#add(one);
		if (this.#open || this.#text) this.#mark = this.#from + this.#text.length;
		else {
			this.#anchor = this.#last;
			this.#fixed = CLOSED;
		}
		for (const one of provisional) this.#add(one);
		this.#flush();
		for (let extra = this.#after(); extra; extra = this.#after()) extra.remove();
	}

	#begin(): void {
		const text = this.#anchor instanceof Text ? this.#anchor : null;
		if (text && this.#fixed >= SOFT) {
			if (this.#fixed < text.length) text.splitText(this.#fixed);
			this.#fixed = CLOSED;
		}
		this.#last = this.#anchor;
		this.#open = this.#fixed === CLOSED ? null : text;
		this.#from = this.#open ? this.#fixed : 0;
		this.#text = "";
		this.#mark = CLOSED;
	}

	#add(one: Description): void {
		if (typeof one === "string") {
			this.#text += one;
			return;
		}
		this.#flush();
		this.#place("key" in one ? this.#slot(one) : this.#element(one));
	}

	/** Writes the text that has come together into one Text node. */
	#flush(): void {
		const next = this.#open ?? this.#after();
		if (this.#open || (this.#text && next instanceof Text)) {
			setText(next as Text, this.#from, this.#text);
			this.#last = next;
		} else if (this.#text) {
			this.#place(document.createTextNode(this.#text));
		}
		if (this.#mark !== CLOSED) {
			this.#anchor = this.#last;
			this.#fixed = this.#mark;
		}
		this.#mark = CLOSED;
		this.#open = null;
		this.#from = 0;
		this.#text = "";
	}

	#slot(slot: Slot): HTMLElement {
		const next = this.#after();
		if (next && slots.get(next) === slot.key) return next as HTMLElement;
		const el = slot.create();
		slots.set(el, slot.key);
		return el;
	}

	#element(one: Described): HTMLElement {
		const next = this.#after();
		const same =
			next instanceof HTMLElement && next.localName === one.tag && !slots.has(next) ? next : null;
		const el = same ?? make(one.tag);
		setAttributes(el, one.attributes ?? {});
		if (one.children?.length || el.firstChild) new Patch(el).paint([], one.children ?? []);
		return el;
	}

	#place(node: ChildNode): void {
		const next = this.#after();
		if (next !== node) this.el.insertBefore(node, next);
		this.#last = node;
	}

	#after(): ChildNode | null {
		return this.#last ? this.#last.nextSibling : this.el.firstChild;
	}
}

/** Changes only what differs, so that selections in what stays survive. */
function setText(node: Text, fixed: number, text: string): void {
	const old = node.data.slice(fixed);
	if (old === text) return;
	if (text.startsWith(old)) {
		node.appendData(text.slice(old.length));
		return;
	}
	let same = 0;
	while (same < text.length && text[same] === old[same]) same++;
	node.replaceData(fixed + same, old.length - same, text.slice(same));
}
