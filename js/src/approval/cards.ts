/**
 * The cards of the requests of one call: adds and removes them.
 */

import { element } from "../parts/part";
import type { Ask } from "../requests";
import { createCard } from "./card";
import card from "./card.css";
import controls from "./controls.css";
import type { Highlight } from "./fields";

/** Characters of arguments that the card has as a whole. */
const WHOLE = 100_000;

/** Milliseconds in which a reader sees that something has moved. */
const REST_MS = 500;

/**
 * Lets no press reach the buttons of any card for a moment: another card has come or gone, so a
 * button may be where the reader is about to press another one, and a double click may hit two.
 */
function rest(): void {
	const none = { pointerEvents: ["none", "none"] };
	for (const bar of document.querySelectorAll(".nbask-bar")) bar.animate?.(none, REST_MS);
}

/**
 * Returns the function that draws the cards in `el`, which is in the pane of the call. `summary`, the
 * call's line, gets the focus if the card that has it is removed. `addStyle` is the widget's own.
 */
export function cardsIn(
	el: HTMLElement,
	summary: HTMLElement,
	signal: AbortSignal,
	highlight: Highlight | undefined,
	addStyle: (el: HTMLElement, sheet: string) => void,
): (asks: readonly Ask[]) => void {
	const cards = new Map<string, AbortController>();
	addStyle(el, controls + card);
	const paint = (asks: readonly Ask[]) => {
		const before = [...cards.keys()];
		const call = summary.parentElement?.classList;
		call?.toggle("nbstream-asking", asks.length > 0);
		// The card has all arguments, or there are none.
		const shown = asks.some(({ kind, args = "" }) =>
			kind === "input" ? /[^\s{}]/.test(args) : args.length > WHOLE,
		);
		call?.toggle("nbstream-asking-all", asks.length > 0 && !shown);
		for (const [id, removed] of cards) {
			if (asks.some((ask) => ask.id === id)) continue;
			removed.abort();
			cards.delete(id);
		}
		for (const ask of asks) {
			if (cards.has(ask.id)) continue;
			const removed = new AbortController();
			cards.set(ask.id, removed);
			const card = el.appendChild(element("div", "nbask"));
			removed.signal.addEventListener("abort", () => {
				const hadFocus = card.contains(document.activeElement);
				card.remove();
				if (hadFocus) summary.focus({ preventScroll: true });
			});
			createCard(card, ask, { highlight, signal: removed.signal });
		}
		if (`${before}` !== `${[...cards.keys()]}`) rest();
	};
	signal.addEventListener("abort", () => paint([]));
	return paint;
}
