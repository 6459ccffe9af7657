/**
 * What a value's view is to the rest: an element that is brought up to date.
 */

import { visible } from "../markdown/dom/element";
import type { JsonNode } from "./model";

export interface ValueView {
	readonly el: HTMLElement;
	/** Paints what is new; not called again once the node is complete. */
	update(): void;
}

export type MakeView = (node: JsonNode) => ValueView;

/** A key of any length, in a length that leaves room for its value. */
export function keyText(key: string): string {
	return visible(key.length > 200 ? `${key.slice(0, 200)}…` : key);
}

/** Marks the value that is being written. */
export function markWriting(el: HTMLElement, writing: boolean): void {
	const { classList } = el;
	if (classList.contains("nbjson-writing") !== writing) classList.toggle("nbjson-writing");
}
