/**
 * A field for code: coloured as code is in an answer, and edited in place.
 *
 * A text area with transparent letters lies on the coloured code, with the same font and lines. Long
 * lines are broken, so that none goes on out of sight.
 */

import { element } from "../parts/part";
import { type Control, type FieldContext, NOTHING, withLineFeeds } from "./controls";

/** Milliseconds after which a change is coloured. */
const COLOURED_MS = 150;

/** Creates the field. */
export function codeField(
	now: unknown,
	before: unknown,
	language: string,
	{ highlight, signal }: FieldContext,
): Control {
	const first = typeof before === "string" ? withLineFeeds(before) : "";
	const input = element("textarea", "nbask-code-text");
	input.spellcheck = false;
	input.value = typeof now === "string" ? now : "";
	const back = element("pre", "nbask-code-back");
	const el = element("div", "nbask-code", back, input);
	let code: HTMLElement;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const colour = () => highlight?.(code, `${input.value}\n`, language);
	const draw = () => {
		// A line that is empty has its height, too. The element is a new one, because the text before
		// may be coloured later than now.
		code = element("code", "nbask-code-shown", element("span", "", `${input.value}\n`));
		back.replaceChildren(code);
		clearTimeout(timer);
		timer = setTimeout(colour, COLOURED_MS);
	};
	draw();
	colour();
	input.addEventListener("input", draw, { signal });
	input.addEventListener(
		"keydown",
		(event) => {
			if (event.key !== "Tab" || event.shiftKey || input.selectionStart !== input.selectionEnd)
				return;
			const line = input.value.slice(0, input.selectionStart).split("\n").at(-1) ?? "";
			if (line.trim() || !event.isTrusted || !line.length) return; // Tab leaves the field
			event.preventDefault();
			input.setRangeText("    ", input.selectionStart, input.selectionEnd, "end");
			input.dispatchEvent(new Event("input", { bubbles: true }));
		},
		{ signal },
	);
	signal.addEventListener("abort", () => clearTimeout(timer));
	return {
		el,
		input,
		wide: true,
		read: () => {
			if (input.value !== first) return input.value;
			return typeof before === "string" ? before : NOTHING;
		},
		changed: () => input.value !== first,
		reset() {
			input.value = first;
			draw();
		},
	};
}
