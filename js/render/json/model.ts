/**
 * The nodes that the JSON parser makes: a JSON value that may be incomplete.
 *
 * An object is a list of keys and values, not a JavaScript object, so a key such as
 * `__proto__` is harmless.
 */

/** A JSON object. */
export interface ObjectNode {
	readonly kind: "object";
	readonly keys: string[];
	readonly values: JsonNode[];
	open: boolean;
}

/** A JSON array. */
export interface ArrayNode {
	readonly kind: "array";
	readonly keys?: undefined;
	readonly values: JsonNode[];
	open: boolean;
}

/** A JSON string. */
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

/** A node with values in it. */
export type ContainerNode = ObjectNode | ArrayNode;
/** Any JSON value. */
export type JsonNode = ContainerNode | StringNode | ScalarNode;

/** Whether a node is an object or an array. */
export function isContainer(node: JsonNode): node is ContainerNode {
	return node.kind === "object" || node.kind === "array";
}
