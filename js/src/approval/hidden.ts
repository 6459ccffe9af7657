/** Finds what a field would not show of a text: hidden characters, and much empty space. */

import { visible } from "../../render";

/** Characters of the text in a warning. */
const MOST_SHOWN = 200;

/** Space that may push the rest out of sight: that many characters without a sign. */
const EMPTY = /\s{60,}/;

/** Characters that a field shows as nothing, except those that join or colour an emoji. */
const UNSEEN =
	/(?<!\p{ExtPict})\ufe0f|(?<!\ufe0f|[\p{ExtPict}\p{EMod}])\u200d|(?!\ufe0f|\u200d)[\p{DI}\u2800]/gu;

/** The warning of what a field does not show, and where that is; empty if it shows everything. */
export function hiddenIn(text: string): string {
	const name = (char: string) =>
		`\u27e8U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
	const shown = visible(text).replace(UNSEEN, name);
	const excerpt = (what: string, at: number, start: number) =>
		`${what}: ${start > 0 ? "…" : ""}${shown.slice(Math.max(0, start), at + MOST_SHOWN)}`;
	if (shown !== text) {
		let at = 0;
		while (shown[at] === text[at]) at++;
		return excerpt("Hidden characters", at, at - 20);
	}
	const empty = EMPTY.exec(text.trimEnd());
	if (!empty) return "";
	const at = empty.index + empty[0].length;
	return excerpt("After an empty space", at, at);
}
