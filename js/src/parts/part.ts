/**
 * What a part's view is to the rest of the view: something that grows.
 *
 * Knows the seam only. A richer renderer (Markdown, JSON) takes a plain one's
 * place by offering the same.
 */

import type { Part } from "../part-model";

export interface PartView {
	readonly el: HTMLElement;
	/** More came: touch the right edge and nothing else. */
	append(chunk: string): void;
	/** Nothing more will come. */
	end(): void;
	/** Something else came in its place; a view without this is made anew. */
	replace?(text: string): void;
	/**
	 * What is told otherwise than in text may have changed. `parts` are this one
	 * and what belongs to it; `goesOn` says that more of them may come.
	 */
	update?(parts: readonly Part[], goesOn: boolean): void;
}

/** Makes the view of a part, empty; it lives until the signal aborts. */
export type MakePartView = (part: Part, signal: AbortSignal) => PartView;

/** An element with a class; both are ours, never a model's. */
export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	className: string,
	...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
	const el = document.createElement(tag);
	el.className = className;
	el.append(...children);
	return el;
}

/** Text is set only where it differs: what is selected stays selected. */
export function say(el: HTMLElement, words: string): void {
	if (el.textContent !== words) el.textContent = words;
}
