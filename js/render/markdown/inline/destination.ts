/**
 * Parses the destination and title of a Markdown link, image or link definition (CommonMark
 * spec 6.3 and 4.7). Which destinations are allowed is decided in policy/links.ts.
 */

import { endOf } from "../../match";
import { ESCAPABLE } from "../chars";
import { MAX_DESTINATION, MAX_PARENTHESES, MAX_SPAN } from "../limits";

/** A destination or title as it is written, and where it ends. */
export interface Written {
	/** The source text, with its escapes. */
	readonly raw: string;
	readonly end: number;
}

const ANGLE = /<(?:[^<>\n\\]|\\.)*/suy;

/** A destination; "more" if the text ends inside. In a definition (`mayEnd`) it may end so. */
export function destinationAt(text: string, at: number, mayEnd = false): Written | "more" | null {
	if (text[at] === "<") {
		const end = endOf(ANGLE, text, at);
		const raw = text.slice(at + 1, end);
		if (end - at > MAX_DESTINATION) return null;
		if (end >= text.length || (text[end] === "\\" && end + 1 === text.length)) return "more";
		// A backslash before a line feed is not an escape.
		return text[end] === ">" && !/\n/.test(raw) ? { raw, end: end + 1 } : null;
	}
	let depth = 0;
	let i = at;
	for (; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code <= 0x20 || code === 0x7f) break;
		if (code === 0x5c && ESCAPABLE.test(text[i + 1] ?? "")) i++;
		else if (code === 0x28 && ++depth > MAX_PARENTHESES) return null;
		else if (code === 0x29 && --depth < 0) break;
	}
	i = Math.min(i, text.length);
	if (i - at > MAX_DESTINATION) return null;
	if (i >= text.length && (!mayEnd || depth > 0)) return "more";
	if (depth > 0 || (i === at && mayEnd)) return null;
	return { raw: text.slice(at, i), end: i };
}

const CLOSER: Record<string, string> = { '"': '"', "'": "'", "(": ")" };

/** A title in quotes or parentheses; "more" if the text ends inside. */
export function titleAt(text: string, at: number): Written | "more" | null {
	const closer = CLOSER[text[at] ?? ""];
	if (!closer) return null;
	for (let i = at + 1; i < text.length; i++) {
		const char = text[i];
		if (char === closer) return { raw: text.slice(at + 1, i), end: i + 1 };
		if (char === "\\") i++;
		else if (char === "(" && closer === ")") return null;
		if (i - at > MAX_SPAN) return null;
	}
	return "more";
}

/** Matches spaces and at most one line ending. */
export const SPACES = /[ \t]*(?:\n[ \t]*)?/y;

/** A destination and a title. */
export interface Target {
	readonly href: string;
	readonly title: string;
	readonly end: number;
}

/** Parses `(destination "title")`, from the opening parenthesis on. */
export function targetAt(text: string, open: number): Target | "more" | null {
	let at = endOf(SPACES, text, open + 1);
	if (at >= text.length) return "more";
	const destination = text[at] === ")" ? { raw: "", end: at } : destinationAt(text, at);
	if (!destination || destination === "more") return destination;
	at = endOf(SPACES, text, destination.end);
	if (at >= text.length) return "more";
	let title = "";
	if (at > destination.end && text[at] !== ")") {
		const found = titleAt(text, at);
		if (!found || found === "more") return found;
		title = found.raw;
		at = endOf(SPACES, text, found.end);
		if (at >= text.length) return "more";
	}
	return text[at] === ")" ? { href: destination.raw, title, end: at + 1 } : null;
}
