/**
 * Character references, spec 2.5.
 *
 * Knows how they are written and computes the numeric ones. Refuses to know the
 * 2,125 names: their table is larger than this whole renderer, and every
 * browser has it, so whoever makes the renderer brings a function for a name.
 */

import { matchAt } from "../match";
import { ESCAPABLE } from "./chars";

/** What a name such as `amp` stands for, or null if it is none. */
export type NamedEntity = (name: string) => string | null;

const REFERENCE = "&(?:#[xX][0-9a-fA-F]{1,6}|#\\d{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});";
const ONE = new RegExp(REFERENCE, "y");
const ESCAPE_OR_REFERENCE = new RegExp(`\\\\${ESCAPABLE.source}|${REFERENCE}`, "g");

/** The reference that starts at a position, or "". */
export function referenceAt(text: string, at: number): string {
	return matchAt(ONE, text, at)?.[0] ?? "";
}

/** The text of one whole reference; a name nobody knows stays as it is written. */
export function decode(reference: string, named: NamedEntity): string {
	if (reference[1] !== "#") return named(reference.slice(1, -1)) ?? reference;
	// `x41` and `65` become what JavaScript reads as numbers: 0x41 and 065.
	const code = Number(`0${reference.slice(2, -1)}`);
	const valid = code && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return valid ? String.fromCodePoint(code) : "\ufffd";
}

/** Backslash escapes and references out of a destination, title or info string. */
export function unescapeText(text: string, named: NamedEntity): string {
	if (!/[\\&]/.test(text)) return text;
	return text.replace(ESCAPE_OR_REFERENCE, (found) =>
		found[0] === "\\" ? found.slice(1) : decode(found, named),
	);
}
