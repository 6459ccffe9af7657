/**
 * Reads a JSON schema, as far as the form needs it: what a value may be, its title and its
 * description. A schema says only how a value is drawn; what has come is always shown.
 */

import { isContainer, type JsonNode, type ObjectNode } from "../json/model";

/** A JSON schema, with the keywords that are read here. */
export interface Schema {
	title?: string;
	description?: string;
	type?: string | string[];
	enum?: unknown[];
	const?: unknown;
	format?: string;
	contentMediaType?: string;
	default?: unknown;
	properties?: Record<string, Schema>;
	required?: string[];
	additionalProperties?: Schema | boolean;
	items?: Schema;
	prefixItems?: Schema[];
	anyOf?: Schema[];
	oneOf?: Schema[];
	allOf?: Schema[];
	$ref?: string;
	$defs?: Record<string, Schema>;
	/** The value may stand under this key of an object that is not part of it. */
	"x-wrapped"?: string;
}

/** References that lead to references; more are a circle. */
const MAX_STEPS = 20;

/** Returns a function that follows references, and leaves out `null` where there is a choice. */
export function resolver(root: Schema): (schema: Schema | undefined) => Schema {
	const known = new WeakMap<Schema, Schema>();
	const resolve = (schema: Schema | undefined): Schema => {
		if (!schema) return {};
		const found = known.get(schema);
		if (found) return found;
		let at = schema;
		for (let step = 0; step < MAX_STEPS; step++) {
			const some = at.anyOf ?? at.oneOf ?? at.allOf;
			const choices = some?.filter((one) => one.type !== "null");
			const name = at.$ref?.split("/").at(-1);
			const next = name !== undefined ? root.$defs?.[name] : choices?.length === 1 && choices[0];
			if (!next) break;
			// A field's own description says more than that of its type.
			const { $ref, anyOf, oneOf, allOf, ...own } = at;
			at = { title: name, ...next, ...own };
		}
		known.set(schema, at);
		return at;
	};
	return resolve;
}

/** The schemas of which a value has one; empty if there is no choice. */
export function choices(schema: Schema): Schema[] {
	return (schema.anyOf ?? schema.oneOf ?? []).filter((one) => one.type !== "null");
}

/** The values that an `enum` or a `const` allows; empty if it has neither. */
export function enumValues({ enum: values, const: only }: Schema): unknown[] {
	return values ?? (only === undefined ? [] : [only]);
}

/** Whether a schema is one of an object with known fields. */
export function hasFields(schema: Schema): boolean {
	return Object.keys(schema.properties ?? {}).length > 0;
}

/** What a value that has not come will be, by the kinds of the nodes that the parser makes. */
export function kindOf({ type, properties, items, enum: values }: Schema): JsonNode["kind"] {
	const name = Array.isArray(type) ? type.find((one) => one !== "null") : type;
	if (name === "object" || properties) return "object";
	if (name === "array" || items) return "array";
	if (name === "integer" || name === "number") return "number";
	return name === "boolean" && !values ? "literal" : "string";
}

/** The choice that a value fits; undefined while several are possible. */
export function choiceOf(
	schema: Schema,
	node: JsonNode,
	resolve: ReturnType<typeof resolver>,
): Schema | undefined {
	const all = choices(schema).map(resolve);
	const fitting = all.filter((one) => kindOf(one) === node.kind);
	if (node.kind !== "object") return fitting[0];
	const possible = fitting.filter((one) => fits(one, node));
	return possible.length === 1 || (!node.open && possible.length) ? possible[0] : undefined;
}

/** Whether an object may be one of a schema: by its keys, and by the fields with one value. */
function fits({ properties = {} }: Schema, { keys, values }: ObjectNode): boolean {
	return keys.every((key, i) => {
		const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
		const node = values[i];
		if (!field) return false;
		if (!node || node.open || isContainer(node)) return true;
		const value = node.kind === "string" ? node.parts.join("") : node.text;
		const allowed = enumValues(field);
		return !allowed.length || allowed.map(String).includes(value);
	});
}

/** The words that the form shows of a schema: the names of its fields, or of its columns. */
export function labels(schema: Schema, resolve: ReturnType<typeof resolver>): string {
	const { properties = {}, items } = resolve(schema);
	if (items) return labels(items, resolve);
	return Object.entries(properties)
		.map(([key, field]) => field.title ?? key)
		.join(" ");
}
