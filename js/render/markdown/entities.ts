/**
 * Decodes character references in Markdown, such as `&amp;` and `&#38;` (CommonMark spec 2.5),
 * and in link addresses and titles also backslash escapes.
 *
 * Numeric ones are computed here. The table of the 2,125 names is larger than this
 * renderer, so a function that looks up a name is passed in.
 */

import { matchAt } from "../match";
import { ESCAPABLE } from "./chars";

/** Returns the text of a name such as `amp`, or null if the name is unknown. */
export type NamedEntity = (name: string) => string | null;

const REFERENCE = "&(?:#[xX][0-9a-fA-F]{1,6}|#\\d{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});";
const ONE = new RegExp(REFERENCE, "y");
const ESCAPE_OR_REFERENCE = new RegExp(`\\\\${ESCAPABLE.source}|${REFERENCE}`, "g");

/** The reference that starts at a position, or "". */
export function referenceAt(text: string, at: number): string {
	return matchAt(ONE, text, at)?.[0] ?? "";
}

/** The text of one complete reference. An unknown name stays as it is written. */
export function decode(reference: string, named: NamedEntity): string {
	if (reference[1] !== "#") return named(reference.slice(1, -1)) ?? reference;
	// A leading 0 makes `x41` and `65` numbers for JavaScript: 0x41 and 065.
	const code = Number(`0${reference.slice(2, -1)}`);
	const valid = code && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return valid ? String.fromCodePoint(code) : "\ufffd";
}

/** Decodes backslash escapes and references in a destination, title or info string. */
export function unescapeText(text: string, named: NamedEntity): string {
	if (!/[\\&]/.test(text)) return text;
	return text.replace(ESCAPE_OR_REFERENCE, (found) =>
		found[0] === "\\" ? found.slice(1) : decode(found, named),
	);
}
