/**
 * The definitions of links and footnotes, by name.
 *
 * A definition may come after its use, so the names defined since the last look are kept.
 */

import type { Definition } from "./definition";
import type { Block } from "./node";

export class References {
	readonly #links = new Map<string, Definition>();
	readonly #footnotes = new Map<string, Block>();
	/** Names defined since the last call of `takeNewNames`. */
	readonly #newNames: string[] = [];

	/** The first definition of a name wins, spec 4.7. */
	define(definition: Definition): void {
		this.#add(this.#links, definition.label, definition);
	}

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

	takeNewNames(): string[] {
		return this.#newNames.splice(0);
	}
}

/** The name of a footnote. Its caret keeps it apart from link labels. */
export function footnoteKey(label: string): string {
	return `^${label.toLowerCase()}`;
}
