/**
 * Parses and normalizes the labels of Markdown links, such as `[label]` (CommonMark spec 4.7
 * and 6.3).
 */

import { endOf } from "../../match";
import { trimSpaces } from "../chars";
import { MAX_LABEL } from "../limits";

const LABEL = /\[(?:[^\\[\]]|\\.)*/suy;

/** The label with its brackets; "more" when the text ends inside it. */
export function labelAt(text: string, at: number): string | "more" | null {
	if (text[at] !== "[") return null;
	const end = endOf(LABEL, text, at);
	if (end - at > MAX_LABEL + 1) return null;
	if (end >= text.length) return "more";
	if (text[end] === "\\" && end === text.length - 1) return "more";
	return text[end] === "]" ? text.slice(at, end + 1) : null;
}

/** The form in which labels are compared: case folded, white space collapsed. */
export function normalizeLabel(label: string): string {
	// Lower case and then upper case, since neither alone makes ẞ and SS equal.
	return trimSpaces(label.slice(1, -1))
		.replace(/[\t\n\r ]+/g, " ")
		.toLowerCase()
		.toUpperCase();
}
