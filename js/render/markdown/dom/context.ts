/**
 * What all views of one document share.
 *
 * Knows the grammar, the host's wishes, the definitions, and which leaves asked
 * for a name that nobody had defined yet: when one is, only those are read again.
 */

import type { References } from "../block/references";
import type { MarkdownDocument } from "../document";
import type { Grammar } from "../grammar";
import type { Lookup } from "../inline/brackets";
import { Notes } from "./footnotes";
import type { MarkdownOptions } from "./options";

interface Asker {
	refresh(): void;
}

export class Painter {
	readonly notes: Notes;
	readonly grammar: Grammar;
	readonly references: References;
	readonly page: string;
	readonly #askers = new Map<string, Set<Asker>>();

	constructor(
		readonly root: HTMLElement,
		document: MarkdownDocument,
		readonly options: MarkdownOptions,
	) {
		this.grammar = document.grammar;
		this.references = document.references;
		this.page = options.page ?? location.href;
		this.notes = new Notes(root);
	}

	/** Definitions, with a note of who asked for one that is not there. */
	lookup(asker: Asker): Lookup {
		const noted = <T>(name: string, found: T): T => {
			const askers = this.#askers.get(name) ?? new Set();
			if (!found) this.#askers.set(name, askers.add(asker));
			return found;
		};
		return {
			link: (label) => noted(label, this.references.link(label)),
			note: (name) => noted(name, this.references.note(name)),
		};
	}

	/** Reads again what asked for a name that is defined now. */
	refresh(): void {
		const waiting = new Set<Asker>();
		for (const name of this.references.takeFresh()) {
			for (const asker of this.#askers.get(name) ?? []) waiting.add(asker);
			this.#askers.delete(name);
		}
		for (const asker of waiting) asker.refresh();
	}
}
