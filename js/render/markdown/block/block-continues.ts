/**
 * Decides whether an open Markdown block continues on the next line (CommonMark spec 4 and 5).
 *
 * Each rule consumes the block's own markers from the line, or says that the block does
 * not continue. How blocks begin is in block-starts.ts.
 */

import { trimSpaces } from "../chars";
import { END_DETAILS } from "../inline/tags";
import { MAX_ROWS } from "../limits";
import { END_SUMMARY } from "./details";
import { CODE_INDENT, type Line } from "./line";
import type { Block, Fence } from "./node";

/** True: it continues. False: it does not. "done": it ends with this line, which is used up. */
export type Continued = boolean | "done";

/** Applies the rule of the block's kind to the line. */
export function continues(block: Block, line: Line): Continued {
	switch (block.kind) {
		case "document":
		case "list":
		case "details":
			return true;
		case "quote":
			return quote(line);
		case "item":
			return indentedBy((block.mark?.offset ?? 0) + (block.mark?.padding ?? 0), block, line);
		case "footnote":
			return indentedBy(CODE_INDENT, block, line);
		case "paragraph":
			return !line.blank;
		case "code":
			return block.fence ? fenced(block.fence, block, line) : indented(line);
		case "html":
			return !line.blank || block.htmlKind < 6;
		case "table":
			return !line.blank && block.rowCount < MAX_ROWS;
		case "math":
			return math(block, line);
		case "summary":
			return summary(block, line);
		default:
			return false;
	}
}

/** Consumes the marker of a block quote, if there is one. */
export function quote(line: Line): boolean {
	if (line.indented || line.head !== ">") return false;
	line.skipMarker(1);
	if (line.atSpace()) line.skipColumns(1);
	return true;
}

/** The content of an item or a footnote is indented, and its first line is not blank. */
function indentedBy(columns: number, block: Block, line: Line): boolean {
	if (line.blank) {
		if (block.kind === "item" && block.childCount > 0) line.skipSpace();
		return block.childCount > 0;
	}
	const enough = line.indent >= columns;
	if (enough) line.skipColumns(columns);
	return enough;
}

/** A closing fence has the same character, is at least as long, and has nothing after it. */
function fenced({ char, length, offset }: Fence, block: Block, line: Line): Continued {
	const marker = trimSpaces(line.body);
	if (!line.indented && marker.length >= length && !marker.replaceAll(char, "")) {
		block.complete = true;
		return "done";
	}
	for (let left = offset; left > 0 && line.atSpace(); left--) line.skipColumns(1);
	return true;
}

/** An indented code block continues with indented lines and blank ones. */
function indented(line: Line): boolean {
	if (line.indented) line.skipColumns(CODE_INDENT);
	else if (line.blank) line.skipSpace();
	else return false;
	return true;
}

/** TeX allows no blank line in a display formula, so a blank line ends an unclosed one. */
function math(block: Block, line: Line): Continued {
	if (line.blank) return false;
	const end = lastOfFormula(line.body, block.closer);
	if (end === null) return true;
	block.source.append(end);
	block.complete = true;
	return "done";
}

/**
 * What the last line of a display formula adds to it, or null if the line does not close it. A
 * punctuation mark after the closer is part of the formula, as authors of TeX have it.
 */
export function lastOfFormula(line: string, closer: string): string | null {
	const text = line.trimEnd();
	const mark = /[.,;:]$/.exec(text)?.[0] ?? "";
	const inner = text.slice(0, text.length - mark.length);
	if (!inner.endsWith(closer)) return null;
	return inner.slice(0, closer.startsWith("\\end") ? undefined : -closer.length) + mark;
}

/** A summary ends at its closing tag, which other text may follow, or at a blank line. */
function summary(block: Block, line: Line): Continued {
	if (line.blank || END_DETAILS.test(line.body)) return false;
	const end = END_SUMMARY.exec(line.body);
	if (!end) return true;
	const last = trimSpaces(line.body.slice(0, end.index));
	if (last) block.source.append(`\n${last}`);
	line.skipMarker(end.index + end[0].length);
	return line.blank ? "done" : false;
}
