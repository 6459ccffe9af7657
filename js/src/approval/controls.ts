/**
 * The controls of the fields, one for each kind of value: text, number, yes or no, a choice, a list
 * of lines, and JSON for everything else.
 */

import type { MarkdownOptions, Problem, Schema } from "../../render";
import { element } from "../parts/part";

/** What `read` returns for a field without a value. */
export const NOTHING = Symbol("nothing");

type Path = (string | number)[];

/** A control, and the methods of all controls. */
export interface Control {
	readonly el: HTMLElement;
	/** The element that a label is for, and that gets the focus. */
	readonly input?: HTMLElement;
	/** Whether it has several inputs, so that its label is for none of them. */
	readonly isMany?: boolean;
	/** Whether it takes the whole width, below its label. */
	readonly wide?: boolean;
	/** The value, or `NOTHING`; adds what is wrong with the text at `path` to `problems`. */
	read(problems: Problem[], path: Path): unknown;
	/** Whether the reader has changed it. */
	changed(): boolean;
	reset(): void;
}

export interface FieldContext {
	readonly resolve: (schema: Schema | undefined) => Schema;
	readonly highlight?: NonNullable<MarkdownOptions["highlight"]>;
	readonly signal: AbortSignal;
}

/** A text as a text area returns it. */
export function withLineFeeds(text: string): string {
	return text.replace(/\r\n?/g, "\n");
}

/** A text area that is as high as its text. `isLine`: Enter does not add a line. */
function textArea(text: string, isLine: boolean, { signal }: FieldContext): HTMLTextAreaElement {
	const el = element("textarea", "nbask-text");
	el.value = text;
	el.spellcheck = false;
	// For browsers without `field-sizing`: enough rows for all of the text, as if letters were wide.
	const size = () => {
		const rows = el.value.split("\n").map((line) => Math.ceil((line.length + 1) / 50));
		el.rows = rows.reduce((all, one) => all + one, 0);
	};
	size();
	el.addEventListener("input", size, { signal });
	if (isLine && !text.includes("\n")) el.dataset.line = "";
	return el;
}

/** A control whose value is a text, as `parse` reads it. */
function typed(
	input: HTMLTextAreaElement | HTMLInputElement,
	before: unknown,
	first: string,
	parse: (text: string, problems: Problem[], path: Path) => unknown,
	wide = false,
): Control {
	const isSame = () => input.value === withLineFeeds(first);
	return {
		el: input,
		input,
		wide,
		read(problems, path) {
			if (isSame()) return before === undefined ? NOTHING : before;
			return parse(input.value, problems, path);
		},
		changed: () => !isSame(),
		reset() {
			input.value = first;
		},
	};
}

/** Text that HTML shows as it is: words with one space between them. */
const PLAIN = /^\S+( \S+)*$/;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The number that a text is; the text itself if it is none, or would lose digits. */
function numberOf(text: string): unknown {
	const trimmed = text.trim();
	if (!NUMBER.test(trimmed)) return trimmed;
	const value = Number(trimmed);
	const isExact = !/^-?\d+$/.test(trimmed) || Number.isSafeInteger(value);
	return isExact && Number.isFinite(value) ? value : trimmed;
}

/** A line or a text; of a number, what is not one stays text. */
export function textField(
	now: unknown,
	before: unknown,
	{ format }: Schema,
	type: string,
	context: FieldContext,
): Control {
	const isNumber = type !== "string";
	const shown = now === undefined || now === null ? "" : `${now}`;
	const first = before === undefined || before === null ? shownDefault(now, before) : `${before}`;
	// A field for a date shows nothing of any other text.
	if (isNumber || (format === "date" && /^(\d{4}-\d\d-\d\d)?$/.test(shown))) {
		const input = element("input", isNumber ? "nbask-text nbask-number" : "nbask-text");
		input.type = isNumber ? "text" : "date";
		if (isNumber) input.inputMode = type === "integer" ? "numeric" : "decimal";
		input.autocomplete = "off";
		input.dataset.line = "";
		input.value = shown;
		return typed(input, before, first, (text) => {
			if (!text.trim()) return before === undefined ? NOTHING : null;
			return isNumber ? numberOf(text) : text;
		});
	}
	const input = textArea(shown, true, context);
	return typed(input, before, first, (text) => text, shown.includes("\n"));
}

/** What a field without a value shows: the default, which the reader has not chosen. */
function shownDefault(now: unknown, before: unknown): string {
	return before === undefined && now !== undefined && now !== null ? `${now}` : "";
}

/** Any value as JSON. */
export function jsonText(now: unknown, before: unknown, context: FieldContext): Control {
	const written = (value: unknown) =>
		value === undefined ? "" : (JSON.stringify(value, null, 1) ?? "").replace(/\n\s*/g, " ");
	const pretty = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));
	const text = written(now).length <= 60 ? written(now) : pretty(now);
	const first = written(before).length <= 60 ? written(before) : pretty(before);
	const input = textArea(text, false, context);
	input.classList.add("nbask-json");
	return typed(
		input,
		before,
		before === undefined ? text : first,
		(given, problems, path) => {
			if (!given.trim()) return NOTHING;
			try {
				return JSON.parse(given);
			} catch {
				problems.push([path, "This is not JSON"]);
				return null;
			}
		},
		text.includes("\n"),
	);
}

/** Yes or no. */
export function switchField(now: unknown, before: unknown, required: boolean): Control {
	const input = element("input", "nbask-check");
	input.type = "checkbox";
	input.checked = now === true;
	const first = before === undefined ? input.checked : before === true;
	return {
		el: element("span", "nbask-switch", input),
		input,
		read() {
			if (input.checked !== first) return input.checked;
			return before === undefined ? (required ? input.checked : NOTHING) : before;
		},
		changed: () => input.checked !== first,
		reset() {
			input.checked = first;
		},
	};
}

/** A value on one line, in quotes if it is a text that would not be shown as it is. */
export function nameOf(value: unknown): string {
	return typeof value === "string" && PLAIN.test(value) ? value : JSON.stringify(value);
}

/** One of several values. */
export function choice(
	values: readonly unknown[],
	now: unknown,
	before: unknown,
	required: boolean,
): Control {
	const input = element("select", "nbask-select");
	const at = values.indexOf(now);
	const first = before === undefined ? at : values.indexOf(before);
	const add = (label: string, i: number) => {
		const option = element("option", "", label);
		option.value = `${i}`;
		input.append(option);
	};
	if (!required || at < 0) add("", -1);
	for (const [i, value] of values.entries()) add(nameOf(value), i);
	input.value = `${at}`;
	const box = element("span", "nbask-choice", input);
	return {
		el: box,
		input,
		read() {
			const chosen = Number(input.value);
			if (chosen === first) return before === undefined ? NOTHING : before;
			return chosen < 0 ? NOTHING : values[chosen];
		},
		changed: () => Number(input.value) !== first,
		reset() {
			input.value = `${first}`;
		},
	};
}

/** A list of texts or numbers, each on a line of its own. */
export function lines(now: unknown, before: unknown, type: string, context: FieldContext): Control {
	const { signal } = context;
	const list = (value: unknown): string[] =>
		Array.isArray(value) ? value.map((one) => `${one}`) : [];
	const first = before === undefined ? list(now) : list(before);
	const rows = element("div", "nbask-lines");
	const el = element("div", "nbask-list", rows);
	el.setAttribute("role", "group");
	const inputs = () => [...rows.querySelectorAll("textarea")];
	const told = () => el.dispatchEvent(new Event("input", { bubbles: true }));
	const add = (text: string, after: Element | null = rows.lastElementChild) => {
		const input = textArea(text, false, context);
		input.setAttribute("aria-label", "Line");
		const remove = element("button", "nbask-remove", "✕");
		remove.type = "button";
		remove.setAttribute("aria-label", "Remove this line");
		const row = element("div", "nbask-line", input, remove);
		remove.addEventListener(
			"click",
			() => {
				const next = row.nextElementSibling ?? row.previousElementSibling;
				row.remove();
				(next?.querySelector("textarea") ?? plus).focus({ preventScroll: true });
				told();
			},
			{ signal },
		);
		input.addEventListener(
			"keydown",
			(event) => {
				if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
					event.preventDefault();
					add("", row).focus();
					told();
				} else if (event.key === "Backspace" && !input.value && inputs().length > 1) {
					event.preventDefault();
					remove.click();
				}
			},
			{ signal },
		);
		if (after) after.after(row);
		else rows.append(row);
		return input;
	};
	for (const text of list(now)) add(text);
	const plus = element("button", "nbask-add", "Add a line");
	plus.type = "button";
	plus.addEventListener(
		"click",
		() => {
			add("").focus();
			told();
		},
		{ signal },
	);
	el.append(plus);
	const texts = () => inputs().map((input) => input.value);
	const isSame = () => JSON.stringify(texts()) === JSON.stringify(first.map(withLineFeeds));
	return {
		el,
		input: plus,
		isMany: true,
		read() {
			if (isSame()) return before === undefined ? NOTHING : before;
			return texts().map((text) => (type === "string" ? text : numberOf(text)));
		},
		changed: () => !isSame(),
		reset() {
			rows.replaceChildren();
			for (const text of first) add(text);
		},
	};
}
