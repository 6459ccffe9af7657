/**
 * Draws the line above a step of an agent's run: its number and its tokens, or "Answer" above the
 * last one.
 */

import type { Kit } from "../parts/run-slot";
import type { WireLabel } from "../wire-values";
import css from "./run.css";

/** Draws the line in `el`. */
export function drawStep(el: HTMLElement, { done, amount }: WireLabel, kit: Kit): void {
	kit.addStyle(el, css);
	const words = kit.element("span", "nbstream-step-words", done ?? "");
	el.replaceChildren(words, kit.element("span", "nbstream-tail", amount ?? ""));
	el.classList.toggle("nbstream-answer", done === "Answer");
	el.hidden = false;
}
