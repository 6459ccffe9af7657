/**
 * Draws a list of objects as a table: the columns of the schema from the first moment, then a row
 * for each object, and columns for keys that the schema does not have. When it is whole, its heads
 * sort it.
 */

import { MAX_COLUMNS } from "../json/limits";
import { type ArrayNode, isContainer } from "../json/model";
import { keyText } from "../json/types";
import { button, make } from "../markdown/dom/element";
import { visible } from "../policy/characters";
import { groupsIn, PANE_ROWS } from "./groups";
import { type Column, classOf, tableRow } from "./row";
import { choices, type Schema } from "./schema";
import type { FormContext, ValueView } from "./types";

/** Creates the table of a list whose items have the schema `item`. */
export function tableView(item: Schema, form: FormContext): ValueView {
	const columns = new Map<string, Column>();
	const required = new Set<string>();
	const head = make("tr", {}, make("th", "nbform-index", "#"));
	const table = make("table", {}, make("thead", {}, head));
	const pane = make("div", "nbform-pane", table);
	const count = make("div", "nbform-count");
	const el = make("div", "nbform-table", pane, count);
	let follow: (() => void) | null = null;
	let whole: ArrayNode | null = null;

	const columnOf = (key: string, raw?: Schema): Column | undefined => {
		const known = columns.get(key);
		if (known || columns.size >= MAX_COLUMNS) return known;
		const schema = form.resolve(raw);
		const title = visible(raw?.title ?? keyText(key));
		const th = make("th", { class: classOf(schema), scope: "col" }, title);
		if (schema.description) th.title = visible(schema.description);
		const made = { key, at: columns.size, schema, head: th, title, fraction: 0 };
		columns.set(key, made);
		head.append(th);
		if (whole) sortable(made);
		return made;
	};
	for (const one of [item, ...choices(item).map(form.resolve)]) {
		for (const [key, raw] of Object.entries(one.properties ?? {})) columnOf(key, raw);
		for (const key of one === item ? (one.required ?? []) : []) required.add(key);
	}

	const rowView = (index: number, isOpen: boolean) =>
		tableRow(index, { all: columns, required, columnOf }, form, isOpen);

	const rows = groupsIn(table, pane, {
		section: () => make("tbody"),
		space(pixels) {
			const cell = make("td", { colspan: `${columns.size + 1}` });
			cell.style.height = `${pixels}px`;
			return make("tr", "nbform-space", cell);
		},
		row: rowView,
	});

	/** Makes the head of a column a button that sorts: up, down, and as written. */
	const sortable = (column: Column) => {
		const press = button({ class: "nbform-sort" }, () => {
			const now = column.head.getAttribute("aria-sort");
			const next = now === "ascending" ? "descending" : now ? null : "ascending";
			for (const { head } of columns.values()) head.removeAttribute("aria-sort");
			if (next) column.head.setAttribute("aria-sort", next);
			rows.sort(whole && next && sorted(whole, column.key, next === "ascending" ? 1 : -1));
		});
		press.append(column.title);
		column.head.replaceChildren(press);
	};

	let waiting: HTMLElement | null = make("tbody", {}, rowView(0, true).el, rowView(1, true).el);
	if (columns.size) table.append(waiting);

	return {
		el,
		update(node) {
			if (node?.kind !== "array") return;
			rows.update(node);
			const { length } = node.values;
			// The second one stays below the first row: nothing moves up.
			if (length === 1 && node.open && waiting?.children[1]) {
				waiting.children[0]?.remove();
				table.append(waiting);
			} else if (length > 1 || !node.open) {
				waiting?.remove();
				waiting = null;
			}
			const words = `${length.toLocaleString("en")} ${length === 1 ? "row" : "rows"}`;
			if (count.textContent !== words) count.textContent = words;
			if (length > PANE_ROWS) {
				pane.tabIndex = 0; // it scrolls
				// One that is whole at once begins at its first row.
				if (node.open) follow ??= form.follow(pane);
				follow?.();
			}
			if (!node.open && !whole) {
				whole = node;
				if (length > 1) for (const column of columns.values()) sortable(column);
			}
		},
	};
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** The indices of the rows in the order of one column; rows without a value are last. */
function sorted({ values }: ArrayNode, key: string, direction: 1 | -1): number[] {
	const keys = values.map((node) => {
		const found = node.kind === "object" ? node.values[node.keys.lastIndexOf(key)] : undefined;
		if (found?.kind === "number") return Number(found.text);
		if (found?.kind === "literal") return found.text === "null" ? undefined : found.text;
		if (found?.kind === "string") return found.parts.join("");
		return found && isContainer(found) ? found.values.length : undefined;
	});
	return [...keys.keys()].sort((a, b) => {
		const [one, other] = [keys[a], keys[b]];
		if (one === undefined || other === undefined) {
			return Number(one === undefined) - Number(other === undefined) || a - b;
		}
		const isNumeric = typeof one === "number" && typeof other === "number";
		const difference = isNumeric ? one - other : collator.compare(`${one}`, `${other}`);
		return difference * direction || a - b;
	});
}
