/**
 * Character classes of Markdown, such as punctuation and white space (CommonMark spec 2.1), and
 * functions that read one code point or trim spaces.
 */

import { endOf } from "../match";

const PUNCTUATION = /^[\p{P}\p{S}]/u;
const SPACE = /^[\t\n\f\r\p{Zs}]/u;

/** Whether a character is Unicode punctuation: general categories P and S. */
export function isPunctuation(char: string): boolean {
	return PUNCTUATION.test(char);
}

/** Whether it is Unicode white space; so is "", the start or end of a line. */
export function isSpace(char: string): boolean {
	return char === "" || SPACE.test(char);
}

/** The code point before a position, "" at the start. */
export function charBefore(text: string, at: number): string {
	return text.slice(at - (isWide(text, at - 2) ? 2 : 1), at);
}

/** The code point at a position, "" at the end. */
export function charAt(text: string, at: number): string {
	return text.slice(at, at + (isWide(text, at) ? 2 : 1));
}

function isWide(text: string, at: number): boolean {
	return (text.codePointAt(at) ?? 0) > 0xffff;
}

/** The first half of a surrogate pair at the end of a text. */
export const TRAILING_HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** ASCII punctuation: what a backslash can escape (spec 2.4). */
export const ESCAPABLE = /[!-/:-@[-`{-~]/;

/**
 * Removes spaces in the sense of Markdown from both ends: unlike `trim`, it keeps a no-break
 * space.
 */
export function trimSpaces(text: string): string {
	let to = text.length;
	const from = endOf(/[\t-\r ]*/y, text, 0);
	while (to > from && /[\t-\r ]/.test(text.charAt(to - 1))) to--;
	return text.slice(from, to);
}
