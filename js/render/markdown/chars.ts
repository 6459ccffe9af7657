/**
 * Character classes of Markdown, such as punctuation and white space (CommonMark spec 2.1) and
 * the characters of Chinese, Japanese and Korean, and functions that read one code point or
 * trim spaces.
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

// Code points of the East Asian widths W, F and H (Unicode annex 11), and Hangul, without the
// characters that are emoji by default.
const CJK =
	/^(?!\p{Emoji_Presentation})[\u1100-\u11ff\u20a9\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uffee\u{16fe0}-\u{18d7f}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
/** A curly quotation mark in its full-width form. */
const WIDE_QUOTE = /^[\u2018\u2019\u201c\u201d]\ufe01/;

/** An ideographic variation selector. */
const IDEOGRAPHIC = /^[\u{e0100}-\u{e01ef}]/u;

/** Whether a text begins with a Chinese, Japanese or Korean letter or punctuation. */
export function isCjk(text: string): boolean {
	return CJK.test(text) || WIDE_QUOTE.test(text) || IDEOGRAPHIC.test(text);
}

/** Whether it begins with a letter or a digit of a script that separates words by spaces. */
export function isSpacedWord(text: string): boolean {
	return /^[\p{L}\p{N}]/u.test(text) && !CJK.test(text);
}

/** A variation selector, which changes how the character before it looks (not to emoji). */
export const VARIATION = /^[\ufe00-\ufe0e\u{e0100}-\u{e01ef}]$/u;

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
 * Removes spaces, tabs and line endings from both ends: unlike `trim`, it keeps a no-break
 * space and a form feed.
 */
export function trimSpaces(text: string): string {
	let to = text.length;
	const from = endOf(/[\t\n\r ]*/y, text, 0);
	while (to > from && /[\t\n\r ]/.test(text.charAt(to - 1))) to--;
	return text.slice(from, to);
}
