/**
 * The table of the link and footnote definitions of a Markdown document, by name.
 *
 * A definition may come after its use, so the table also records which names are new.
 */

import type { Definition } from "./definition";
import type { Block } from "./node";

/** The definitions of one document. */
export class References {
	readonly #links = new Map<string, Definition>();
	readonly #footnotes = new Map<string, Block>();
	/** Names defined since the last call of `takeNewNames`. */
	readonly #newNames: string[] = [];

	/** Adds a link definition. The first one of a name wins, spec 4.7. */
	define(definition: Definition): void {
		this.#add(this.#links, definition.label, definition);
	}

	/** Adds a footnote. The first one of a name wins. */
	defineFootnote(block: Block): void {
		this.#add(this.#footnotes, footnoteKey(block.label), block);
	}

	#add<T>(known: Map<string, T>, name: string, what: T): void {
		if (known.has(name)) return;
		known.set(name, what);
		this.#newNames.push(name);
	}

	link(label: string): Definition | undefined {
		return this.#links.get(label);
	}

	footnote(name: string): Block | undefined {
		return this.#footnotes.get(name);
	}

	/** Returns the names defined since the last call. */
	takeNewNames(): string[] {
		return this.#newNames.splice(0);
	}
}

/** The name of a footnote. It begins with a caret, to differ from link labels. */
export function footnoteKey(label: string): string {
	return `^${label.toLowerCase()}`;
}
