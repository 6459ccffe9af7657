/**
 * What links and footnotes are defined as, whenever the definition came.
 *
 * Knows names and who asked for one that was not there yet. Refuses to know
 * what an asker is: it is only told.
 */

import type { Definition } from "./definition";
import type { Block } from "./node";

export class References {
	readonly #links = new Map<string, Definition>();
	readonly #footnotes = new Map<string, Block>();
	/** Names that became known since somebody last looked. */
	readonly #newNames: string[] = [];

	/** The first definition of a name counts, spec 4.7. */
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

/** Links and notes share one list of askers: a caret keeps them apart. */
export function footnoteKey(label: string): string {
	return `^${label.toLowerCase()}`;
}
