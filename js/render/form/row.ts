/**
 * Draws one row of a table: an object's values in the columns of their keys.
 */

import type { JsonNode } from "../json/model";
import { make } from "../markdown/dom/element";
import { pendingView, problemLines } from "./scalar";
import { enumValues, kindOf, type Schema } from "./schema";
import type { FormContext, ValueView } from "./types";

/** One column of a table. */
export interface Column {
	readonly key: string;
	readonly at: number;
	readonly schema: Schema;
	readonly head: HTMLElement;
	readonly title: string;
	/** The room that the longest fraction of its numbers takes, in widths of a digit. */
	fraction: number;
}

/** The most digits of a fraction that others of the column leave room for. */
const MAX_FRACTION = 6;

/** Texts that are not broken into lines; those of Chinese and Japanese are twice as wide. */
const SHORT = /^[^\u2e80-\uffff]{0,20}$/;

/** The columns of a table. */
export interface Columns {
	readonly all: ReadonlyMap<string, Column>;
	readonly required: ReadonlySet<string>;
	/** The column of a key, which may be a new one; undefined if there are too many. */
	columnOf(key: string): Column | undefined;
}

/** Creates the row of the item at an index; one that is open waits for all of its values. */
export function tableRow(
	index: number,
	{ all, required, columnOf }: Columns,
	form: FormContext,
	isOpen: boolean,
): ValueView {
	const el = make("tr", {}, make("td", "nbform-index", `${index + 1}`));
	const cells: HTMLElement[] = [];
	const views: (ValueView | undefined)[] = [];
	let done = 0;
	/** The cell that may still change. */
	let last: { view: ValueView; node: JsonNode; cell: HTMLElement; column?: Column } | null = null;

	const cellAt = (at: number) => {
		while (cells.length <= at) cells.push(el.appendChild(make("td")));
		return cells[at] as HTMLElement;
	};
	if (isOpen) {
		for (const { at, schema } of all.values()) {
			cellAt(at).append(pendingView(schema, form, "cell").el);
		}
	}
	const fill = ({ view, node, cell, column }: NonNullable<typeof last>) => {
		view.update(node);
		if (column && node.kind === "number") alignPoint(view.el, node.text, column);
		// Also while it is written: or its column would be wide for a moment, in each row.
		if (node.kind === "string" && !(column && classOf(column.schema) === "nbform-short")) {
			cell.classList.toggle("nbform-short", node.length < 99 && SHORT.test(node.parts.join("")));
		}
		if (node.open) return;
		last = null;
		mark(cell, form.problems.get(node));
	};
	/** Puts a value that is no object across all columns. */
	const whole = (node: JsonNode) => {
		if (!last) {
			const view = form.view({}, form, "cell");
			const cell = make("td", { colspan: `${all.size || 1}` }, view.el);
			el.replaceChildren(el.firstChild as Node, cell);
			last = { view, node, cell };
		}
		fill(last);
	};
	/** Marks the values that did not come. */
	const close = (node: JsonNode) => {
		for (const { key, at, schema } of all.values()) {
			if (views[at]) continue;
			const cell = cellAt(at);
			cell.className = classOf(schema); // so that it is at the side of its column
			cell.replaceChildren(make("span", "nbform-none", required.has(key) ? "missing" : "–"));
			cell.classList.add(required.has(key) ? "nbform-is-missing" : "nbform-short");
			mark(cell, form.missing.get(node)?.get(key));
		}
	};

	return {
		el,
		update(node) {
			if (!node) return;
			if (node.kind !== "object") {
				whole(node);
				return;
			}
			if (last) fill(last);
			for (; done < node.values.length; done++) {
				const column = columnOf(node.keys[done] as string);
				if (!column) continue;
				const view = form.view(column.schema, form, "cell");
				const cell = cellAt(column.at);
				cell.className = classOf(column.schema);
				cell.replaceChildren(view.el);
				views[column.at] = view;
				last = { view, node: node.values[done] as JsonNode, cell, column };
				fill(last);
			}
			if (!node.open) close(node);
		},
	};
}

/** Puts the points of a column's numbers below each other: shorter fractions get room at their end. */
function alignPoint(el: HTMLElement, text: string, column: Column): void {
	if (kindOf(column.schema) !== "number") return;
	const found = /\.(\d*)$/.exec(text)?.[1];
	// A point is about half as wide as a digit.
	const width = found === undefined ? 0 : Math.min(found.length, MAX_FRACTION) + 0.5;
	const room = `--nbform-fraction-${column.at}`;
	if (width > column.fraction) {
		column.fraction = width;
		column.head.closest("table")?.style.setProperty(room, `${width}ch`);
	}
	el.style.paddingInlineEnd = `calc(var(${room}, 0ch) - ${width}ch)`;
}

/** Writes what is wrong with a value below it. */
function mark(cell: HTMLElement, problems: string[] | undefined): void {
	if (!problems) return;
	cell.classList.add("nbform-invalid");
	cell.append(...problemLines(problems));
}

/** The class of a column: its width and alignment. */
export function classOf(schema: Schema): `nbform-${string}` {
	if (enumValues(schema).length || schema.format) return "nbform-short";
	const kind = kindOf(schema);
	return kind === "string" && !schema.type && !schema.properties
		? "nbform-any"
		: `nbform-of-${kind}`;
}
