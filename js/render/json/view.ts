/**
 * Draws one JSON value as DOM elements, and updates them while the value grows.
 *
 * Text from the model goes into Text nodes only: it never becomes an element, a class
 * or a link. Only the last row of a container can still change.
 */

import { button, make, setAttributes, setText } from "../markdown/dom/element";
import { growingString } from "./growing-string";
import { OPEN_DEPTH, STRING_PREVIEW } from "./limits";
import {
	type ContainerNode,
	isContainer,
	type JsonNode,
	type ScalarNode,
	type StringNode,
} from "./model";
import { type Rows, rowGroups } from "./row-groups";
import { tableRows, tabular } from "./table";
import { keyText, markWriting, type ValueView } from "./types";

/** Creates the view of a value. `inCell` is true in a table cell. */
export function createView(node: JsonNode, depth: number, inCell = false): ValueView {
	if (isContainer(node)) return containerView(node, depth, inCell);
	return node.kind === "string" ? stringView(node) : scalarView(node);
}

/** The view of a number, `true`, `false` or `null`. */
function scalarView(node: ScalarNode): ValueView {
	const el = make("span", `nbjson-${node.kind}`);
	return {
		el,
		update() {
			setText(el, node.text);
			markWriting(el, node.open);
		},
	};
}

/** The view of a string; a long one has a button that shows more. */
function stringView(node: StringNode): ValueView {
	const el = make("span", "nbjson-string");
	const draw = growingString(el, STRING_PREVIEW, "nbjson");
	return {
		el,
		update() {
			draw(node);
			markWriting(el, node.open);
		},
	};
}

/** The view of an object or an array, which can be collapsed. */
function containerView(node: ContainerNode, depth: number, inCell: boolean): ValueView {
	const { kind, values } = node;
	let open = depth < OPEN_DEPTH && !inCell;
	let paintRows: (() => void) | null = null;
	let count = -1;

	const clear = () => {
		paintRows = null;
		body.replaceChildren();
	};
	const toggle = button({}, () => {
		open = !open;
		clear();
		update();
	});
	const body = make("div", "nbjson-body");
	const el = make("span", "nbjson-container", toggle, body);

	const makeRows = () => {
		if (!tabular(node)) return rowGroups(body, node, listRows(node, depth));
		const table = make("table");
		body.append(make("div", "nbjson-table", table));
		return rowGroups(
			table,
			node,
			tableRows(table, node, (value) => createView(value, depth + 1, true)),
		);
	};

	const update = () => {
		const size = values.length;
		if (count !== size) toggle.textContent = kind === "object" ? `{${size}}` : `[${size}]`;
		setAttributes(toggle, {
			class: "nbjson-toggle",
			type: "button",
			"aria-expanded": `${open}`,
		});
		markWriting(el, node.open && size === 0);
		// The second item decides whether this is a table; if so, start again.
		if (count === 1 && size > 1 && tabular(node)) clear();
		count = size;
		if (!open || size === 0) return;
		paintRows ??= makeRows();
		paintRows();
	};
	return { el, update };
}

/** Rows of a key (or an index) and a value, one below the other. */
function listRows(node: ContainerNode, depth: number): Rows {
	return {
		section: () => make("div", "nbjson-group"),
		row(index) {
			const { el, update } = createView(node.values[index] as JsonNode, depth + 1);
			const key =
				node.kind === "object"
					? make("span", "nbjson-key", keyText(node.keys[index] ?? ""))
					: make("span", "nbjson-index", `${index}`);
			return { el: make("div", "nbjson-row", key, el), update };
		},
	};
}
