/**
 * Matches regular expressions at a position in a text, without copying the text.
 */

/** Matches a sticky pattern (`y`) at a position, or a global one (`g`) from there on. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

/** The end of a sticky pattern's match; the position itself if it does not match. */
export function endOf(pattern: RegExp, text: string, at: number): number {
	return at + (matchAt(pattern, text, at)?.[0].length ?? 0);
}
