/**
 * Draws a string of JSON in an element while it grows; of a long one the start, with a button that
 * shows more.
 */

import { button, detach } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { STRING_STEP } from "./limits";
import type { StringNode } from "./model";

/** Returns the function that draws what is new in `el`. At first it shows `limit` characters; `prefix`
 *  is that of the style sheet's classes. */
export function growingString(
	el: HTMLElement,
	limit: number,
	prefix: "nbjson" | "nbform",
): (node: StringNode) => void {
	let text: Text | null = null;
	/** The length of the text that was drawn; the page's search may cut it, a translator replace it. */
	let drawn = 0;
	/** The piece that comes next, and how many of its characters are shown. */
	let piece = 0;
	let from = 0;
	let shown = 0;
	let more: HTMLElement | null = null;

	return function update(node) {
		const { parts, length } = node;
		if (text?.parentNode !== el || text.length !== drawn) {
			detach(...el.childNodes);
			text = document.createTextNode("");
			el.append(text);
			piece = from = shown = 0;
		}
		while (piece < parts.length && shown < limit) {
			const part = parts[piece] as string;
			const end = Math.min(part.length, from + limit - shown);
			text.appendData(visible(part.slice(from, end)));
			shown += end - from;
			from = end;
			if (end === part.length) {
				from = 0;
				piece++;
			}
		}
		drawn = text.length;
		if (length > shown) {
			more ??= button({ class: `${prefix}-more` }, () => {
				limit += STRING_STEP;
				update(node);
			});
			more.textContent = `… ${(length - shown).toLocaleString("en")} more characters`;
			el.append(more);
		} else more?.remove();
	};
}
