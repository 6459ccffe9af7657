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
import { Footnotes } from "./footnotes";
import type { MarkdownOptions } from "./options";

interface Dependent {
	refresh(): void;
}

export class RenderContext {
	readonly footnotes: Footnotes;
	readonly grammar: Grammar;
	readonly references: References;
	readonly page: string;
	readonly #dependents = new Map<string, Set<Dependent>>();

	constructor(
		readonly root: HTMLElement,
		document: MarkdownDocument,
		readonly options: MarkdownOptions,
	) {
		this.grammar = document.grammar;
		this.references = document.references;
		this.page = options.page ?? location.href;
		this.footnotes = new Footnotes(root);
	}

	/** Definitions, with a footnote of who asked for one that is not there. */
	lookup(dependent: Dependent): Lookup {
		const recorded = <T>(name: string, found: T): T => {
			const dependents = this.#dependents.get(name) ?? new Set();
			if (!found) this.#dependents.set(name, dependents.add(dependent));
			return found;
		};
		return {
			link: (label) => recorded(label, this.references.link(label)),
			footnote: (name) => recorded(name, this.references.footnote(name)),
		};
	}

	/** Reads again what asked for a name that is defined now. */
	refresh(): void {
		const waiting = new Set<Dependent>();
		for (const name of this.references.takeNewNames()) {
			for (const dependent of this.#dependents.get(name) ?? []) waiting.add(dependent);
			this.#dependents.delete(name);
		}
		for (const dependent of waiting) dependent.refresh();
	}
}
