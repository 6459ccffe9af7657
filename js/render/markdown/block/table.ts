/**
 * Parses the rows of a Markdown table: the delimiter row, and the cells of a row (GFM 4.10).
 * A cell is a string, whose inlines are parsed elsewhere.
 */

import { MAX_COLUMNS } from "../limits";
import type { Align } from "./node";

const DELIMITER = /^\|?(?:[ \t]*:?-+:?[ \t]*(?:\||$))+$/;

/** The alignment of each column, or null if this is not a delimiter row. */
export function delimiterRow(line: string): Align[] | null {
	if (!DELIMITER.test(line.trim())) return null;
	const cells = splitRow(line);
	if (cells.length > MAX_COLUMNS) return null;
	return cells.map((cell) => {
		const left = cell.startsWith(":");
		const right = cell.endsWith(":");
		if (left && right) return "center";
		return right ? "right" : left ? "left" : null;
	});
}

/**
 * Splits a row into its cells. An escaped pipe becomes a pipe even inside code, because rows
 * are split before inlines are parsed.
 */
export function splitRow(line: string, limit = MAX_COLUMNS + 1): string[] {
	let text = line.trim();
	if (text.startsWith("|")) text = text.slice(1);
	const cells: string[] = [];
	let start = 0;
	let escapes = false;
	const cut = (end: number) => {
		const cell = text.slice(start, end).trim();
		cells.push(escapes ? cell.replaceAll("\\|", "|") : cell);
		escapes = false;
		start = end + 1;
	};
	for (let i = 0; i < text.length && cells.length < limit; i++) {
		if (text[i] === "|") cut(i);
		else if (text[i] === "\\" && i + 1 < text.length) {
			if (text[i + 1] === "|") escapes = true;
			i++;
		}
	}
	if (start < text.length && cells.length < limit) cut(text.length);
	return cells;
}
