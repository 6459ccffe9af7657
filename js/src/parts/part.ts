/**
 * The interface of the views in this folder that draw one kind of message part each, and the
 * DOM helpers that they use.
 */

import type { Part } from "../part-model";

/** The DOM element of a part, and the methods that update it while the part streams. */
export interface PartView {
	readonly el: HTMLElement;
	/** More text arrived: adds it at the end, at once or with the next `render`. */
	append(chunk: string): void;
	/** No more text will arrive. */
	end(): void;
	/**
	 * Draws text that `append` has left for later, as much as a frame allows. Returns true
	 * if more is left for the next frame.
	 */
	render?(): boolean;
	/** The text was replaced. A view without this method is created again. */
	replace?(text: string): void;
	/**
	 * Something other than the text may have changed. `parts` are the part and those
	 * shown with it (group-parts.ts); `mayGrow` says that more of them may follow.
	 */
	update?(parts: readonly Part[], mayGrow: boolean): void;
}

/** Creates the empty view of a part. The view lives until the signal aborts. */
export type MakePartView = (part: Part, signal: AbortSignal) => PartView;

/** Creates an element. The tag and class must be constants, never text from a model. */
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

/** Sets the text only if it differs, so that a selection in it survives. */
export function setText(el: HTMLElement, text: string): void {
	if (el.textContent !== text) el.textContent = text;
}
