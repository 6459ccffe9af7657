/**
 * Regular expressions that are tried at one place of a text, or from there on.
 *
 * Knows `lastIndex`, so that nobody cuts a text to look into it.
 */

/** A sticky pattern at a position, or a global one from there on. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

/** Where what a sticky pattern matches ends: at the position itself, if it does not. */
export function endOf(pattern: RegExp, text: string, at: number): number {
	return at + (matchAt(pattern, text, at)?.[0].length ?? 0);
}
