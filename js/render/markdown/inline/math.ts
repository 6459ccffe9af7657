/**
 * Recognizes formulas in Markdown text: between dollar signs, between escaped brackets, and in
 * LaTeX environments such as `\begin{align}`.
 *
 * The same signs are prices, shell variables and escaped brackets: `$5 and $10`,
 * `$HOME/bin:$PATH`, `\[Note\]`. Single dollars follow pandoc's rule with further
 * restrictions, and brackets around prose stay text.
 */

import { matchAt } from "../../match";
import { isSpacedWord } from "../chars";
import { MAX_SPAN } from "../limits";
import { closerAfter, type NotFound } from "./find-closer";

/** A formula: its source and where it ends. */
export interface Formula {
	readonly text: string;
	readonly display: boolean;
	readonly end: number;
}

const NAMES =
	"(?:(?:fl)?align|alignat|gather|multline|equation|eqnarray|[pbBvV]?matrix)\\*?|aligned(?:at)?|gathered|split|[dr]?cases|(?:sub)?array|smallmatrix|CD";
/** The start of a LaTeX environment that holds a formula. */
const ENVIRONMENT = new RegExp(`\\\\begin\\{(${NAMES})\\}`, "y");
/** The start of such an environment, or of one whose name is not complete. */
const OPEN_ENVIRONMENT = /\\(?:$|b(?:$|e(?:$|g(?:$|i(?:$|n(?:$|\{[a-zA-Z]{0,9}\*?$))))))/y;
const DOLLARS = /\$+/y;

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
	if (text[at] === "$") {
		const count = dollarsAt(text, at);
		if (at + count === text.length) return "more";
		if (count > 2) return null;
		if (count === 1) return dollar(text, at, before, final);
		const found = between(text, at, "$$", true, notFound);
		if (!found || found === "more") return found;
		// `$$ to $$$` are price ranges.
		if (found.end === text.length && !final) return "more";
		return text[found.end] === "$" || isProse(found.text, 3) ? null : found;
	}
	if (text[at + 1] === "b") return environment(text, at, notFound);
	const display = text[at + 1] === "[";
	const found = between(text, at, display ? "\\]" : "\\)", display, notFound);
	if (!found || found === "more") return found;
	return isEscaped(text.slice(at + 2, found.end - 2), display) ? null : found;
}

/** The number of dollar signs at a position. */
export function dollarsAt(text: string, at: number): number {
	return matchAt(DOLLARS, text, at)?.[0].length ?? 0;
}

/** The marker that closes the environment which begins at a position; "" if none does. */
export function environmentCloser(text: string, at: number): string {
	const name = matchAt(ENVIRONMENT, text, at)?.[1];
	return name ? `\\end{${name}}` : "";
}

/** Whether the text at a backslash could become an environment when more text arrives. */
export function mayBeEnvironment(text: string, at: number): boolean {
	return matchAt(OPEN_ENVIRONMENT, text, at) !== null;
}

/** Whether the text between escaped brackets is not a formula: `\[Note\]`, `\[1\]`, `\(or so\)`. */
export function isEscaped(inner: string, display: boolean): boolean {
	if (!/[\p{L}\p{N}\\]/u.test(inner)) return true;
	// A number in a formula of its own has spaces around it.
	if (display && /^\d[\d, –-]*$/.test(inner) && inner === inner.trim()) return true;
	return isProse(inner, display ? 3 : 4);
}

const TEX = /\\[a-zA-Z]|[\^={}<>+|&]|(?<!\\)_/;
const CJK_WORD = /[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]/;

/** Whether a text has a word of this length, or one in Chinese, and no sign of TeX. */
export function isProse(text: string, length: number): boolean {
	if (TEX.test(text)) return false;
	return CJK_WORD.test(text) || new RegExp(`\\p{L}{${length}}`, "u").test(text);
}

function environment(text: string, at: number, notFound: NotFound): Formula | "more" | null {
	const closer = environmentCloser(text, at);
	if (!closer) return mayBeEnvironment(text, at) ? "more" : null;
	const found = closerAfter(text, at, closer, notFound);
	if (found < 0) return text.length - at <= MAX_SPAN ? "more" : null;
	const end = found + closer.length;
	return { text: text.slice(at, end), display: true, end };
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
	if (/\s/.test(text.charAt(at + 1)) || isSpacedWord(before)) return null;
	for (let i = at + 1; i < text.length && i - at < MAX_SPAN; i++) {
		const char = text[i];
		if (char === "\n" || char === "`") return null;
		if (char === "\\") i++;
		else if (char === "$") {
			const inner = text.slice(at + 1, i);
			const after = text.slice(i + 1, i + 5);
			if (/^[)\],;]|[\s/:]$/.test(inner) || AMOUNT.test(inner)) return null;
			if (WORDS.test(inner) && !TEX.test(inner)) return null;
			if (!final && i + 1 + after.length === text.length && SUFFIX_START.test(after)) return "more";
			if (!SUFFIX.test(after) && (/^[\d$_{]/.test(after) || isSpacedWord(after))) return null;
			return { text: inner, display: false, end: i + 1 };
		}
	}
	return text.length - at <= MAX_SPAN ? "more" : null;
}

/** A price and the words after it. */
const AMOUNT = /^\d[\d.,]*[kmb%]?\s+\(?[a-z]{2}/i;
const WORDS = /\p{L}{3}\s+\p{L}{3}/u;
/** What may follow a formula directly: `$i$th`, `$n$s`. */
const SUFFIX = /^(?:th|st|nd|rd|s)(?![\p{L}\p{N}])/u;
const SUFFIX_START = /^(?:[tnr]|[tr]h?|st?|[nr]d)?$/;
