/**
 * The interface of the views in this folder that draw one kind of message part each, and the
 * DOM helpers that they use.
 */

import { setText as setShown, visible } from "../../render";
import type { Part } from "../part-model";
import type { Status } from "../wire-values";

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
	 * shown with it (group-parts.ts); `mayGrow` says that more of them may follow. `status` is
	 * the answer's; null if others follow.
	 */
	update?(parts: readonly Part[], mayGrow: boolean, status: Status | null): void;
}

/** Creates the empty view of a part. The view lives until the signal aborts. */
export type MakePartView = (part: Part, signal: AbortSignal) => PartView;

/**
 * Creates an element. The tag and class must be constants, never text from a model. Hidden
 * characters of its texts are shown by their names.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	className: string,
	...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
	const el = document.createElement(tag);
	el.className = className;
	el.append(...children.map((child) => (typeof child === "string" ? visible(child) : child)));
	return el;
}

/** Sets the text, as `element` does. Only if it differs, so that a selection in it survives. */
export function setText(el: HTMLElement, text: string): void {
	setShown(el, visible(text));
}
