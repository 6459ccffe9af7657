/**
 * Footnotes: numbers in the text, the notes at the end.
 *
 * Knows which references stand in the document and which notes are defined, and
 * numbers them by the order of the references. A note nobody refers to is not
 * shown, as in GFM. There are no ids: a click scrolls.
 */

import { button, make, setLabel } from "./element";
import type { Slot } from "./patch";

const REFERENCE = "nbmd-noteref";

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

	reference(name: string): Slot {
		return {
			key: `note\n${name}`,
			create: () => {
				const number = button({ role: "doc-noteref" }, () =>
					this.#items.get(name)?.scrollIntoView({ block: "nearest" }),
				);
				const el = make("sup", REFERENCE, number);
				this.#names.set(el, name);
				this.#dirty = true;
				return el;
			},
		};
	}

	/** The element a note's blocks go into; the first definition of a name counts. */
	define(name: string): HTMLElement {
		const item = make("li", "nbmd-note");
		if (this.#items.has(name)) return item;
		this.#items.set(name, item);
		this.#dirty = true;
		return item;
	}

	forget(name: string, item: HTMLElement): void {
		if (this.#items.get(name) !== item) return;
		this.#items.delete(name);
		this.#dirty = true;
	}

	/** Something with references in it was taken away. */
	touch(): void {
		if (this.#items.size > 0) this.#dirty = true;
	}

	/** Numbers references and puts the notes in their order. */
	arrange(): void {
		if (!this.#dirty) return;
		this.#dirty = false;
		const numbers = new Map<string, number>();
		const places: ParentNode[] = [this.#root];
		for (const place of places) {
			for (const el of place.querySelectorAll(`.${REFERENCE}`)) {
				const name = this.#names.get(el) ?? "";
				const item = this.#items.get(name);
				if (!numbers.has(name)) {
					numbers.set(name, numbers.size + 1);
					// A note may refer to further notes.
					if (item && !item.isConnected) places.push(item);
				}
				setLabel(el.firstChild as HTMLElement, `${numbers.get(name)}`);
			}
		}
		this.#show([...numbers.keys()].flatMap((name) => this.#items.get(name) ?? []));
	}

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

	/** Where the document's own blocks end. */
	get end(): HTMLElement | null {
		return this.#section.parentNode === this.#root ? this.#section : null;
	}
}
