/**
 * Creates the view of any value: by its schema until it begins, then by what it is.
 */

import type { JsonNode, ScalarNode } from "../json/model";
import { tabular } from "../json/table";
import { make } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { fieldsView, foldedView } from "./fields";
import { listView } from "./list";
import { pendingView, scalarView, stringView } from "./scalar";
import { choiceOf, choices, enumValues, hasFields, kindOf, type Schema } from "./schema";
import { tableView } from "./table";
import type { FormContext, Place, ValueView } from "./types";

/** Creates the view of a value that has not begun. */
export function createView(raw: Schema, form: FormContext, place: Place): ValueView {
	const schema = form.resolve(raw);
	const el = make("div", "nbform-value");
	const several = choices(schema);
	let view: ValueView | null = null;
	/** What `view` was made for. */
	let made = "";
	let chosen: Schema | undefined = several.length ? undefined : schema;

	/** What draws the value: what it is, or what the schema says that it will be. */
	const drawing = (node: JsonNode | undefined): string => {
		const kind = node?.kind ?? kindOf(schema);
		if (kind === "array" && place !== "cell" && isTable(chosen ?? {}, node, form)) return "table";
		return node || kind === "object" ? kind : "pending";
	};
	const create = (kind: string, node: JsonNode | undefined): ValueView => {
		const at = chosen ?? {};
		const item = (index: number) => at.prefixItems?.[index] ?? at.items ?? {};
		const fields = () => fieldsView(at, form);
		const list = () => listView(item, form);
		if (kind === "object") return place === "root" ? fields() : foldedView(at, form, fields);
		if (kind === "table") return tableView(form.resolve(at.items), form);
		if (kind === "array") return place === "cell" ? foldedView(at, form, list) : list();
		if (kind === "string") return stringView(at, form, place);
		return node ? scalarView(node as ScalarNode, at) : pendingView(schema, form, place);
	};

	const update = (node: JsonNode | undefined) => {
		const before = chosen;
		if (node && several.length) chosen = choiceOf(schema, node, form.resolve);
		const kind = drawing(node);
		if (kind !== made || before !== chosen) {
			view = create(kind, node);
			made = kind;
			el.replaceChildren(view.el);
			if (several.length && chosen?.title && kind === "object" && !isNamed(chosen)) {
				el.prepend(make("span", "nbform-chip", visible(chosen.title)));
			}
		}
		view?.update(node);
	};
	update(undefined);
	return { el, update };
}

/** Whether a field of an object tells which of several types it is. */
function isNamed({ properties = {} }: Schema): boolean {
	return Object.values(properties).some((field) => enumValues(field).length === 1);
}

/** Whether a list is drawn as a table: its items have fields, by the schema or as they come. */
function isTable(schema: Schema, node: JsonNode | undefined, form: FormContext): boolean {
	if (!schema.items) return node?.kind === "array" && tabular(node);
	const item = form.resolve(schema.items);
	return [item, ...choices(item)].some((one) => hasFields(form.resolve(one)));
}
