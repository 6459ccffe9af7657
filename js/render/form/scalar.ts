/**
 * Draws strings, numbers, `true`, `false` and `null`, and what stands for a value that has not
 * come.
 */

import { growingString } from "../json/growing-string";
import { STRING_PREVIEW } from "../json/limits";
import type { ScalarNode, StringNode } from "../json/model";
import { make } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { webAddress } from "../policy/links";
import { choices, enumValues, kindOf, type Schema } from "./schema";
import type { FormContext, Place, ValueView } from "./types";

/** The most values of an enumeration that are shown before one of them is written. */
const MAX_OPTIONS = 6;

/** Characters of a string in a cell that are shown at first. */
const CELL_PREVIEW = 280;

/** Creates what stands for a value that has not come: its choices, or a bar of its size. */
export function pendingView(schema: Schema, form: FormContext, place: Place): ValueView {
	const several = choices(schema).map((one) => form.resolve(one).title ?? kindOf(one));
	const values = several.length ? several : enumValues(schema);
	const label = { role: "img", "aria-label": "Not written yet" } as const;
	const el = make("span", { class: "nbform-pending", ...label });
	if (place !== "cell" && values.length && values.length <= MAX_OPTIONS) {
		for (const value of values) el.append(make("span", "nbform-option", visible(`${value}`)));
	} else {
		el.append(make("span", `nbform-bar-${kindOf(schema)}`));
	}
	return { el, update() {} };
}

/** Marks the value that is being written. */
export function markWriting(el: HTMLElement, writing: boolean): void {
	if (el.classList.contains("nbform-writing") !== writing) el.classList.toggle("nbform-writing");
}

/** What the validator says of a value. */
export function problemLines(problems: string[]): HTMLElement[] {
	return problems.map((text) => make("span", "nbform-problem", visible(text)));
}

/** How `true`, `false` and `null` are shown. */
export const WORDS: Readonly<Record<string, string>> = { true: "yes", false: "no", null: "none" };

/** Creates the view of a number, `true`, `false` or `null`. */
export function scalarView({ kind, text: first }: ScalarNode, schema: Schema): ValueView {
	const word = kind === "literal" ? first : "";
	const el = make("span", word ? `nbform-${WORDS[word]}` : "nbform-number");
	if (enumValues(schema).length) el.className = "nbform-chip";
	return {
		el,
		update(node) {
			const { text, open } = node as ScalarNode;
			const shown = WORDS[text] ?? text;
			if (el.textContent !== shown) el.textContent = shown;
			markWriting(el, open);
		},
	};
}

/** Creates the view of a string; a long one has a button that shows more. */
export function stringView(schema: Schema, form: FormContext, place: Place): ValueView {
	const isChip = enumValues(schema).length > 0;
	const kind = isChip ? "chip" : /^date|time$/.test(schema.format ?? "") ? "date" : "string";
	const el = make("span", `nbform-${kind}`);
	const draw = growingString(el, place === "cell" ? CELL_PREVIEW : STRING_PREVIEW, "nbform");

	const update = (node: StringNode) => {
		const { parts, length, open } = node;
		draw(node);
		if (length === 0 && !open) el.classList.add("nbform-empty");
		markWriting(el, open);
		if (!open && /^ur[il]/.test(schema.format ?? "")) link(el, parts.join(""), form.page);
	};
	return { el, update: (node) => update(node as StringNode) };
}

/** Makes an address a link if it may be followed; its text stays the address. */
function link(el: HTMLElement, address: string, page: string): void {
	const safe = webAddress(address, page);
	if (!safe || el.querySelector("a")) return;
	const rel = "noopener noreferrer nofollow ugc";
	const attributes = {
		href: safe.href,
		rel,
		target: "_blank",
		referrerpolicy: "no-referrer",
	} as const;
	el.replaceChildren(make("a", attributes, visible(address)));
}
