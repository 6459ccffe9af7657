/**
 * The data model of a JSON value that may be incomplete.
 *
 * An object is a list of keys and values, not a JavaScript object, so a key such as
 * `__proto__` is harmless.
 */

export interface ObjectNode {
	readonly kind: "object";
	readonly keys: string[];
	readonly values: JsonNode[];
	open: boolean;
}

export interface ArrayNode {
	readonly kind: "array";
	readonly keys?: undefined;
	readonly values: JsonNode[];
	open: boolean;
}

export interface StringNode {
	readonly kind: "string";
	/** The text in pieces, as it arrived. */
	readonly parts: string[];
	length: number;
	open: boolean;
}

/** A number, `true`, `false` or `null`, with its original text. */
export interface ScalarNode {
	readonly kind: "number" | "literal";
	text: string;
	open: boolean;
}

export type ContainerNode = ObjectNode | ArrayNode;
export type JsonNode = ContainerNode | StringNode | ScalarNode;

export function isContainer(node: JsonNode): node is ContainerNode {
	return node.kind === "object" || node.kind === "array";
}
