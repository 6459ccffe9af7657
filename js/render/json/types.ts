/**
 * The interface of the views that draw JSON values, and helpers that several share.
 */

import { visible } from "../policy/characters";
import type { JsonNode } from "./model";

/** The element of one JSON value, and the method that updates it. */
export interface ValueView {
	readonly el: HTMLElement;
	/** Paints what is new. Not called again once the node is complete. */
	update(): void;
}

/** Creates the view of a JSON value. */
export type MakeView = (node: JsonNode) => ValueView;

/** A key, shortened so that its value has room. */
export function keyText(key: string): string {
	return visible(key.length > 200 ? `${key.slice(0, 200)}…` : key);
}

/** Sets or removes the mark of the value that is being written. */
export function markWriting(el: HTMLElement, writing: boolean): void {
	const { classList } = el;
	if (classList.contains("nbjson-writing") !== writing) classList.toggle("nbjson-writing");
}
