/**
 * Recognizes formulas in Markdown text, between dollar signs or escaped brackets.
 *
 * Single dollars follow pandoc's rule, so that "$5 and $10" is not a formula.
 */

import { MAX_SPAN } from "../limits";
import { closerAfter, type NotFound } from "./find-closer";

/** A formula: its source and where it ends. */
export interface Formula {
	readonly text: string;
	readonly display: boolean;
	readonly end: number;
}

/**
 * The formula at a position; "more" while it may still be closed. `before` is the character
 * before it. `final` means that no more text will arrive.
 */
export function formulaAt(
	text: string,
	at: number,
	before: string,
	final: boolean,
	notFound: NotFound,
): Formula | "more" | null {
	if (text.startsWith("$$", at)) return between(text, at, "$$", true, notFound);
	if (text[at] === "$") return dollar(text, at, before, final);
	const display = text[at + 1] === "[";
	return between(text, at, display ? "\\]" : "\\)", display, notFound);
}

function between(
	text: string,
	at: number,
	closer: string,
	display: boolean,
	notFound: NotFound,
): Formula | "more" | null {
	const end = closerAfter(text, at, closer, notFound);
	if (end < 0) return text.length - at <= MAX_SPAN ? "more" : null;
	const inner = text.slice(at + 2, end).trim();
	return inner ? { text: inner, display, end: end + 2 } : null;
}

/** A formula in single dollars, on one line: a dollar on another line is more likely a price. */
function dollar(text: string, at: number, before: string, final: boolean): Formula | "more" | null {
	const first = text.charAt(at + 1);
	if (first === "") return "more";
	if (/[\s$]/.test(first) || /[\p{L}\p{N}]/u.test(before)) return null;
	for (let i = at + 1; i < text.length && i - at < MAX_SPAN; i++) {
		const char = text[i];
		if (char === "\n" || char === "`") return null;
		if (char === "\\") i++;
		else if (char === "$") {
			if (/\s/.test(text.charAt(i - 1))) return null;
			if (i + 1 === text.length && !final) return "more";
			if (/[\d$]/.test(text.charAt(i + 1))) return null;
			return { text: text.slice(at + 1, i), display: false, end: i + 1 };
		}
	}
	return text.length - at <= MAX_SPAN ? "more" : null;
}
