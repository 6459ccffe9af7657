/**
 * Draws Markdown footnotes: numbers in the text, and the notes at the end of the document.
 *
 * Notes are numbered in the order of their references. A note without a reference is not
 * shown, as in GFM. There are no ids: a click on a number scrolls to the note.
 */

import { button, make, setText } from "./element";
import type { Slot } from "./patch";

const REFERENCE = "nbmd-noteref";

/** The footnotes of one document. */
export class Footnotes {
	readonly #items = new Map<string, HTMLElement>();
	readonly #names = new WeakMap<Element, string>();
	readonly #list = make("ol");
	readonly #section = make("section", { class: "nbmd-notes", role: "doc-endnotes" }, this.#list);
	readonly #root: HTMLElement;
	#dirty = false;

	constructor(root: HTMLElement) {
		this.#root = root;
	}

	/** A number in the text, as an element that links to its note. */
	reference(name: string): Slot {
		return {
			key: `note\n${name}`,
			create: () => {
				const number = button({}, () =>
					this.#items.get(name)?.scrollIntoView({ block: "nearest" }),
				);
				const el = make("sup", REFERENCE, number);
				this.#names.set(el, name);
				this.#dirty = true;
				return el;
			},
		};
	}

	/** Returns the element for a note's blocks. The first definition of a name wins. */
	define(name: string): HTMLElement {
		const item = make("li", "nbmd-note");
		if (this.#items.has(name)) return item;
		this.#items.set(name, item);
		this.#dirty = true;
		return item;
	}

	/** Removes a note whose definition was removed. */
	forget(name: string, item: HTMLElement): void {
		if (this.#items.get(name) !== item) return;
		this.#items.delete(name);
		this.#dirty = true;
	}

	/** To be called when something that may contain references was removed. */
	touch(): void {
		if (this.#items.size > 0) this.#dirty = true;
	}

	/** Numbers the references and orders the notes. */
	arrange(): void {
		if (!this.#dirty) return;
		this.#dirty = false;
		const numbers = new Map<string, number>();
		const roots: ParentNode[] = [this.#root];
		for (const root of roots) {
			for (const el of root.querySelectorAll(`.${REFERENCE}`)) {
				const name = this.#names.get(el) ?? "";
				const item = this.#items.get(name);
				if (!numbers.has(name)) {
					numbers.set(name, numbers.size + 1);
					// A note may refer to further notes.
					if (item && !item.isConnected) roots.push(item);
				}
				setText(el.firstChild as HTMLElement, `${numbers.get(name)}`);
			}
		}
		this.#show([...numbers.keys()].flatMap((name) => this.#items.get(name) ?? []));
	}

	/** Puts the notes at the end of the document, in this order. */
	#show(items: HTMLElement[]): void {
		const list = this.#list;
		for (const [i, item] of items.entries()) {
			const at = list.children[i];
			if (at !== item) list.insertBefore(item, at ?? null);
		}
		while (list.children.length > items.length) list.lastChild?.remove();
		if (items.length === 0) this.#section.remove();
		else if (this.#root.lastChild !== this.#section) this.#root.append(this.#section);
	}

	/** The element before which the document's blocks are inserted. */
	get end(): HTMLElement | null {
		return this.#section.parentNode === this.#root ? this.#section : null;
	}
}
