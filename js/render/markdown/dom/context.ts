/**
 * The object that all views of one Markdown document share: the grammar, the host's options,
 * the link definitions and the footnotes.
 *
 * It also records which texts use a name that is not defined yet, so that only those are
 * read again when it is.
 */

import type { Block } from "../block/node";
import type { References } from "../block/references";
import type { MarkdownDocument } from "../document";
import type { Grammar } from "../grammar";
import type { Lookup } from "../inline/brackets";
import type { BlockView } from "./block-view";
import { Footnotes } from "./footnotes";
import type { MarkdownOptions } from "./options";

/** A text that uses undefined names, and can be drawn again. */
interface Dependent {
	refresh(): void;
}

/** What the views of one document share. */
export class RenderContext {
	readonly footnotes: Footnotes;
	readonly grammar: Grammar;
	readonly references: References;
	readonly page: string;
	/** The view of each block. */
	readonly views = new WeakMap<Block, BlockView>();
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

	/** Looks up definitions for `dependent` and records the lookups that fail. */
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

	/**
	 * Draws the texts again that use a name that was undefined and now is defined. Returns
	 * whether there were any.
	 */
	refresh(): boolean {
		const affected = new Set<Dependent>();
		for (const name of this.references.takeNewNames()) {
			for (const dependent of this.#dependents.get(name) ?? []) affected.add(dependent);
			this.#dependents.delete(name);
		}
		for (const dependent of affected) dependent.refresh();
		return affected.size > 0;
	}
}
