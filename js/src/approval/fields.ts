/**
 * Makes the fields of a form from a JSON schema and a value, and reads the value from them.
 *
 * A field that the reader has not touched keeps its value exactly. Text that is no number stays
 * text, so that Python's validator says what is wrong with it.
 */

import { type MarkdownOptions, type Problem, type Schema, visible } from "../../render";
import { enumValues, resolver } from "../../render/form/schema";
import { element, setText } from "../parts/part";
import { codeField } from "./code";
import {
	type Control,
	choice,
	type FieldContext,
	jsonText,
	lines,
	NOTHING,
	nameOf,
	switchField,
	textField,
} from "./controls";
import { hiddenIn } from "./hidden";

export type Highlight = NonNullable<MarkdownOptions["highlight"]>;

/** The fields of one card. */
export interface Fields {
	readonly el: HTMLElement;
	/** The value, and what is wrong with it before Python has seen it. */
	read(): { value: unknown; problems: Problem[] };
	changed(): boolean;
	reset(): void;
	/** Shows what is wrong at the fields; returns the words that belong to none. */
	mark(problems: readonly Problem[], focus: boolean): string[];
}

interface Options {
	readonly highlight?: Highlight;
	readonly signal: AbortSignal;
	/**
	 * A form to fill in: with all fields, also those that have no value and need none, and with
	 * their titles. Else the arguments of a call, by their own names.
	 */
	readonly whole: boolean;
}

/** A field, and the element for what is wrong with its value. */
interface Place {
	readonly box: HTMLElement;
	readonly control: Control;
	readonly words: HTMLElement;
}

/** Characters of a choice. */
const MOST_CHOICE = 60;

let ids = 0;

/** Creates the fields for `value`; `given` is what counts as unchanged. */
export function formFields(
	schema: Schema,
	value: unknown,
	given: unknown,
	{ highlight, signal, whole }: Options,
): Fields {
	const resolve = resolver(schema);
	const places = new Map<string, Place>();
	const el = element("div", "nbask-fields");
	const id = `nbask${ids++}`;
	const context: FieldContext = { resolve, highlight, signal };

	const makeRow = (
		path: (string | number)[],
		row: Schema,
		label: string,
		now: unknown,
		before: unknown,
		required: boolean,
	) => {
		const found = resolve(row);
		const control = make(path, found, now, before, required);
		const name = `${id}-${places.size}`;
		const words = element("div", "nbask-problem");
		words.id = `${name}-problem`;
		const box = element("div", "nbask-row");
		const title = element("label", "nbask-label", label);
		if (control.input) {
			control.input.id = name;
			control.input.setAttribute("aria-errormessage", words.id); // counts if it is invalid
			if (control.isMany) control.el.setAttribute("aria-label", visible(label));
			else title.htmlFor = name;
		}
		const body = element("div", "nbask-body", control.el);
		if (found.description && row !== schema && !found.contentMediaType) {
			const about = element("div", "nbask-about", found.description);
			about.id = `${name}-about`;
			body.append(about);
			control.input?.setAttribute("aria-describedby", about.id);
		}
		if (!found.properties) {
			const hidden = element("div", "nbask-problem");
			const look = (text: string) => setText(hidden, hiddenIn(text));
			look(typeof now === "string" ? now : JSON.stringify(now ?? ""));
			const typed = () =>
				[...body.querySelectorAll<HTMLInputElement>("input, textarea")].map(({ value }) => value);
			control.el.addEventListener("input", () => look(typed().filter(Boolean).join("\n")), {
				signal,
			});
			body.append(hidden);
		}
		body.append(words);
		box.append(title, body);
		if (control.wide) box.classList.add("nbask-wide");
		if (!required && whole) addWords(box, "optional");
		places.set(JSON.stringify(path), { box, control, words });
		return { box, control };
	};

	/** The control for a value of a schema. */
	const make = (
		path: (string | number)[],
		row: Schema,
		now: unknown,
		before: unknown,
		required: boolean,
	): Control => {
		const type = Array.isArray(row.type) ? row.type.find((one) => one !== "null") : row.type;
		const shown = now === undefined ? row.default : now;
		// A list of choices would cut long ones off.
		const isShort = (one: unknown) => whole || nameOf(one).length <= MOST_CHOICE;
		const values = enumValues(row).every(isShort) ? enumValues(row) : [];
		// In a call, null is shown as null.
		const isNone = now === undefined || (whole && now === null);
		const has = (kind: string) => isNone || typeof now === kind;
		if (row.contentMediaType?.startsWith("text/x-") && has("string"))
			return codeField(shown, before, row.contentMediaType.slice(7), context);
		if (values.length && (isNone || values.includes(now)))
			return choice(values, shown, before, required);
		if (type === "boolean" && has("boolean")) return switchField(shown, before, required);
		if (type === "string" && has("string")) return textField(shown, before, row, "string", context);
		if ((type === "number" || type === "integer") && has("number"))
			return textField(shown, before, row, type, context);
		if (row.properties && (isNone || isObject(now)))
			return group(path, row, isObject(now) ? now : undefined, before, required);
		const items = resolve(row.items);
		const kind = `${items.type}`.replace("integer", "number");
		const scalar = /^(string|number)$/.test(kind) && !enumValues(items).length;
		const isList = Array.isArray(now) && now.every((one) => typeof one === kind);
		if (type === "array" && scalar && (now === undefined || isList))
			return lines(shown, before, `${items.type}`, context);
		return jsonText(shown, before, context);
	};

	/** A control that has one for each field of an object. */
	const group = (
		path: (string | number)[],
		row: Schema,
		now: Record<string, unknown> | undefined,
		before: unknown,
		required: boolean,
	): Control => {
		const { properties = {}, required: needed = [] } = row;
		const old = isObject(before) ? before : undefined;
		const box = element("div", "nbask-group");
		const more = element("details", "nbask-more");
		const controls: [string, Control][] = [];
		const extra = Object.keys(now ?? {}).filter((key) => !Object.hasOwn(properties, key));
		for (const key of [...Object.keys(properties), ...extra]) {
			const inner = (Object.hasOwn(properties, key) && properties[key]) || {};
			const must = needed.includes(key);
			const field = makeRow(
				[...path, key],
				inner,
				whole ? (inner.title ?? key) : nameOf(key),
				now && Object.hasOwn(now, key) ? now[key] : undefined,
				old && Object.hasOwn(old, key) ? old[key] : undefined,
				must,
			);
			if (!whole && row.properties && !Object.hasOwn(properties, key))
				addWords(field.box, "not in the tool's schema");
			const isMissing = !must && !(now && Object.hasOwn(now, key));
			(isMissing && !whole ? more : box).append(field.box);
			controls.push([key, field.control]);
		}
		if (more.childElementCount) {
			const count = more.childElementCount;
			more.prepend(
				element("summary", "nbask-summary", `${count} more field${count > 1 ? "s" : ""}`),
			);
			box.append(more);
		}
		if (!controls.length) box.append(element("div", "nbask-none", "No arguments"));
		return {
			el: box,
			wide: path.length > 0,
			read(problems, at) {
				const read = controls.map(([key, control]) => [key, control.read(problems, [...at, key])]);
				// Any name may be a key, __proto__ too.
				const found = Object.fromEntries(read.filter(([, one]) => one !== NOTHING));
				const isLeftOut = !required && !Object.keys(found).length && old === undefined;
				return isLeftOut && path.length ? NOTHING : found;
			},
			changed: () => controls.some(([, control]) => control.changed()),
			reset: () => {
				for (const [, control] of controls) control.reset();
			},
		};
	};

	const root = resolve(schema);
	let top: Control;
	if (root.properties || isObject(value)) {
		top = group([], root, isObject(value) ? value : undefined, given, true);
		el.append(top.el);
	} else {
		const row = makeRow([], schema, "", value, given, true);
		row.box.classList.add("nbask-alone");
		top = row.control;
		el.append(row.box);
	}

	return {
		el,
		read() {
			const problems: Problem[] = [];
			const found = top.read(problems, []);
			return { value: found === NOTHING ? null : found, problems };
		},
		changed: () => top.changed(),
		reset() {
			top.reset();
			// To what looks at the text: its height, and the warning of hidden characters.
			for (const { control } of places.values()) control.el.dispatchEvent(new Event("input"));
			this.mark([], false);
		},
		mark(problems, focus) {
			for (const { box, control, words } of places.values()) {
				box.classList.remove("nbask-wrong");
				words.replaceChildren();
				control.input?.removeAttribute("aria-invalid");
			}
			const left: string[] = [];
			let first: HTMLElement | undefined;
			for (const [path, text] of problems) {
				// A path may go deeper than the fields do, and may name one of several types.
				let length = path.length;
				let place = places.get(JSON.stringify(path));
				while (!place && length > 0) place = places.get(JSON.stringify(path.slice(0, --length)));
				if (!place) {
					left.push(path.length ? `${path.join(".")}: ${text}` : text);
					continue;
				}
				const { box, control, words } = place;
				box.classList.add("nbask-wrong");
				const rest = path.slice(length).join(".");
				words.append(element("div", "", rest ? `${rest}: ${text}` : text));
				control.input?.setAttribute("aria-invalid", "true");
				const around = box.closest("details.nbask-more");
				if (around instanceof HTMLDetailsElement) around.open = true;
				first ??= control.input;
			}
			if (focus) first?.focus({ preventScroll: true });
			return left;
		},
	};
}

/** Adds words to the label of a row. */
function addWords(row: HTMLElement, words: string): void {
	row.firstElementChild?.append(element("span", "nbask-optional", words));
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
