/**
 * A JSON value that is still being written.
 *
 * Knows what has come so far and whether more will. An object is a list of keys
 * and values, not a JavaScript object: a key named `__proto__` is only a key.
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
	/** As it came: joined only by whoever shows it. */
	readonly parts: string[];
	length: number;
	open: boolean;
}

/** A number, `true`, `false` or `null`, as it is written. */
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
