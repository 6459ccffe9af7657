/**
 * Draws an object: all fields of its schema from the first moment, each filled in its place, and
 * below them those that the schema does not have.
 *
 * Inside another value it is folded to one line, which tells its first values.
 */

import { type ContainerNode, isContainer, type JsonNode } from "../json/model";
import { keyText } from "../json/types";
import { make } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { problemLines, WORDS } from "./scalar";
import { enumValues, type Schema } from "./schema";
import type { FormContext, ValueView } from "./types";

/** Values and characters of a value in the line of a folded object. */
const SUMMARY_VALUES = 4;
const SUMMARY_LENGTH = 40;

/** One field: its row, and the value that it holds. */
interface Field {
	readonly el: HTMLElement;
	readonly value: HTMLElement;
	readonly schema: Schema;
	view: ValueView;
	node?: JsonNode;
}

/** Creates the list of an object's fields. */
export function fieldsView(schema: Schema, form: FormContext): ValueView {
	const { properties = {}, required = [], additionalProperties } = schema;
	const el = make("dl", "nbform-fields");
	const fields = new Map<string, Field>();
	let done = 0;
	let last: Field | undefined;

	const add = (key: string, raw: Schema | undefined): Field => {
		const own = form.resolve(raw);
		const title = raw?.title;
		const name = make("dt", title ? { title: key } : {}, visible(title ?? keyText(key)));
		const about = own.description;
		if (about) name.append(make("span", "nbform-about", visible(about)));
		const view = form.view(own, form, "field");
		const value = make("dd", {}, view.el);
		const field = { el: make("div", "nbform-field", name, value), value, schema: own, view };
		setState(field, "pending");
		fields.set(key, field);
		el.append(field.el);
		return field;
	};
	for (const [key, field] of Object.entries(properties)) add(key, field);

	const fill = (field: Field) => {
		field.view.update(field.node);
		setState(field, field.node?.open ? "growing" : "whole");
		if (!field.node || field.node.open) return;
		explain(field, form.problems.get(field.node));
		last = undefined;
	};

	/** Marks the fields that did not come. */
	const close = (node: JsonNode) => {
		const missing = form.missing.get(node);
		for (const [key, field] of fields) {
			if (field.node) continue;
			const fallback = field.schema.default;
			const words = fallback == null ? "–" : (WORDS[`${fallback}`] ?? `${fallback}`);
			const isMissing = required.includes(key);
			setState(field, isMissing ? "missing" : "default");
			const text = isMissing ? "not written" : `${words} (default)`;
			field.value.replaceChildren(make("span", "nbform-none", text));
			explain(field, missing?.get(key));
		}
	};

	return {
		el,
		update(node) {
			if (node?.kind !== "object") return;
			const { keys, values } = node;
			if (last) fill(last);
			for (; done < values.length; done++) {
				const key = keys[done] as string;
				const free = typeof additionalProperties === "object" ? additionalProperties : undefined;
				last = fields.get(key) ?? add(key, free);
				if (last.node) {
					// A key that comes twice: the last value counts.
					last.view = form.view(last.schema, form, "field");
					last.value.replaceChildren(last.view.el);
				}
				last.node = values[done];
				fill(last);
			}
			if (!node.open) close(node);
		},
	};
}

type State = "pending" | "growing" | "whole" | "missing" | "default";

function setState({ el, view }: Field, state: State): void {
	const holdsTable = view.el.firstElementChild?.classList.contains("nbform-table");
	const name = `nbform-field nbform-is-${state}${holdsTable ? " nbform-holds-table" : ""}`;
	if (el.className !== name) el.className = name;
}

/** Writes what is wrong with a field's value below it. */
function explain({ el, value }: Field, problems: string[] | undefined): void {
	if (!problems) return;
	el.classList.add("nbform-invalid");
	value.append(...problemLines(problems));
}

/** Creates a value that is folded: a line with the first values in it, which opens the others. */
export function foldedView(schema: Schema, form: FormContext, inside: () => ValueView): ValueView {
	const line = make("summary", "nbform-line");
	const el = make("details", "nbform-fold", line);
	let view: ValueView | null = null;
	let node: JsonNode | undefined;
	const paint = () => {
		const open = (el as HTMLDetailsElement).open;
		if (!open) return;
		if (!view) {
			view = inside();
			el.append(view.el);
		}
		view.update(node);
	};
	el.addEventListener("toggle", () => {
		if (node) form.opened.set(node, (el as HTMLDetailsElement).open);
		paint();
	});
	const names = Object.keys(schema.properties ?? {}).slice(0, SUMMARY_VALUES);
	line.append(...names.map((name) => make("span", "nbform-about", visible(name))));
	return {
		el,
		update(next) {
			if (next && !node && form.opened.get(next)) (el as HTMLDetailsElement).open = true;
			node = next;
			if (next && isContainer(next)) summarize(line, next, schema);
			paint();
		},
	};
}

/** Writes the line of a folded value; costs the same however large the value is. */
function summarize(line: HTMLElement, node: ContainerNode, schema: Schema): void {
	const { keys, values, open } = node;
	const parts: Node[] = keys ? [] : [make("span", "nbform-about", `${values.length}`)];
	const most = keys ? SUMMARY_VALUES : 2;
	for (let i = 0; i < values.length && parts.length < most; i++) {
		const shown = short(values[i] as JsonNode);
		const key = keys?.[i] ?? "";
		const property = schema.properties?.[key];
		const part = make("span", property && enumValues(property).length === 1 ? "nbform-chip" : {});
		if (keys && !part.className) {
			part.append(make("span", "nbform-about", keyText(property?.title ?? key)), " ");
		}
		part.append(shown);
		parts.push(part);
	}
	if (!parts.length) parts.push(make("span", "nbform-about", open ? "…" : "empty"));
	line.replaceChildren(...parts);
	line.classList.toggle("nbform-writing", open);
}

/** A value in a few characters. */
function short(node: JsonNode): string {
	if (isContainer(node)) return node.keys ? `{${node.values.length}}` : `[${node.values.length}]`;
	if (node.kind !== "string") return WORDS[node.text] ?? node.text;
	const text = visible(node.parts.slice(0, SUMMARY_LENGTH).join("").slice(0, SUMMARY_LENGTH));
	return node.length > SUMMARY_LENGTH ? `${text}…` : text;
}
