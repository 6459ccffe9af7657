/**
 * Decides which JSON arrays are drawn as a table (those that begin with two objects, the first
 * of them small and mostly flat), and draws the rows while they arrive. The columns are the keys, in
 * the order in which they first appear.
 */

import { make } from "../markdown/dom/element";
import { MAX_COLUMNS, MAX_ROW_KEYS } from "./limits";
import { type ContainerNode, isContainer, type JsonNode, type ObjectNode } from "./model";
import type { Rows } from "./row-groups";
import { keyText, type MakeView, type ValueView } from "./types";

/** Whether an array is shown as a table. Asked when its second item has begun. */
export function tabular(node: ContainerNode): boolean {
	if (node.kind !== "array") return false;
	const [first, second] = node.values;
	if (first?.kind !== "object" || second?.kind !== "object") return false;
	const size = first.values.length;
	return size > 0 && size <= MAX_ROW_KEYS && first.values.filter(isContainer).length * 2 <= size;
}

/** Creates the rows of a table. New keys add columns to its head. */
export function tableRows(table: HTMLElement, node: ContainerNode, createView: MakeView): Rows {
	const columns = new Map<string, number>();
	const head = make("tr", {}, make("td", "nbjson-index"));
	table.append(make("thead", {}, head));

	/** The column of a key. A new key gets a new column at the right, up to the limit. */
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

/** Creates the table row of one object. */
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
				// A duplicate key: show both values, as both were written.
				if (cell.firstChild) cell.append(" ");
				cell.append(last.el);
			}
		},
	};
}
