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
	readonly #notes = new Map<string, Block>();
	/** Names that became known since somebody last looked. */
	readonly #fresh: string[] = [];

	/** The first definition of a name counts, spec 4.7. */
	define(definition: Definition): void {
		this.#learn(this.#links, definition.label, definition);
	}

	defineNote(block: Block): void {
		this.#learn(this.#notes, noteName(block.label), block);
	}

	#learn<T>(known: Map<string, T>, name: string, what: T): void {
		if (known.has(name)) return;
		known.set(name, what);
		this.#fresh.push(name);
	}

	link(label: string): Definition | undefined {
		return this.#links.get(label);
	}

	note(name: string): Block | undefined {
		return this.#notes.get(name);
	}

	takeFresh(): string[] {
		return this.#fresh.splice(0);
	}
}

/** Links and notes share one list of askers: a caret keeps them apart. */
export function noteName(label: string): string {
	return `^${label.toLowerCase()}`;
}
