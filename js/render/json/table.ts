/**
 * An array of alike objects, as a table that grows.
 *
 * Knows columns, which are the keys in the order they first came.
 */

import { make } from "../markdown/dom/element";
import { MAX_COLUMNS, MAX_ROW_KEYS } from "./limits";
import { type ContainerNode, isContainer, type JsonNode, type ObjectNode } from "./model";
import type { Rows } from "./row-groups";
import { keyText, type MakeView, type ValueView } from "./types";

/** Is this a table? Asked when its second item has begun. */
export function tabular(node: ContainerNode): boolean {
	if (node.kind !== "array") return false;
	const [first, second] = node.values;
	if (first?.kind !== "object" || second?.kind !== "object") return false;
	const size = first.values.length;
	return size > 0 && size <= MAX_ROW_KEYS && first.values.filter(isContainer).length * 2 <= size;
}

/** The rows of a table whose head grows with them. */
export function tableRows(table: HTMLElement, node: ContainerNode, createView: MakeView): Rows {
	const columns = new Map<string, number>();
	const head = make("tr", {}, make("th", "nbjson-index"));
	table.append(make("thead", {}, head));

	/** The column of a key, new ones at the right; none beyond the limit. */
	const columnOf = (key: string): number | undefined => {
		if (!columns.has(key) && columns.size < MAX_COLUMNS) {
			columns.set(key, columns.size);
			head.append(make("th", {}, keyText(key)));
		}
		return columns.get(key);
	};

	return {
		section: () => make("tbody"),
		row(index) {
			const value = node.values[index] as JsonNode;
			const el = make("tr", {}, make("td", "nbjson-index", `${index}`));
			if (value.kind === "object") return objectRow(el, value, columnOf, createView);
			const { el: inside, update } = createView(value);
			el.append(make("td", { colspan: `${columns.size || 1}` }, inside));
			return { el, update };
		},
		wrapButton: (button) => make("tr", {}, make("td", { colspan: `${columns.size + 1}` }, button)),
	};
}

function objectRow(
	el: HTMLElement,
	{ keys, values }: ObjectNode,
	columnOf: (key: string) => number | undefined,
	createView: MakeView,
): ValueView {
	const cells: HTMLElement[] = [];
	let done = 0;
	let last: ValueView | null = null;
	return {
		el,
		update() {
			for (last?.update(); done < values.length; done++) {
				last = createView(values[done] as JsonNode);
				last.update();
				const at = columnOf(keys[done] ?? "") ?? cells.length;
				while (cells.length <= at) cells.push(el.appendChild(make("td")));
				const cell = cells[at] as HTMLElement;
				// A key that came twice: both values are what was written.
				if (cell.firstChild) cell.append(" ");
				cell.append(last.el);
			}
		},
	};
}
