/**
 * Recognizes the tags `<details>` and `<summary>` in Markdown, which make a block that the
 * reader can fold.
 *
 * The blocks between `<details>` and `</details>` are Markdown, with or without blank lines
 * around them. The elements are created without the attributes of the tags.
 */

import { ATTRIBUTE } from "../inline/angle";
import { MAX_SPAN } from "../limits";
import type { Block } from "./node";

/** The opening tags, at the start of a line. */
const DETAILS = new RegExp(`^<details(?:${ATTRIBUTE})*\\s*>`, "i");
const SUMMARY = new RegExp(`^<summary(?:${ATTRIBUTE})*\\s*>`, "i");
/** The closing tags at the end of a line. */
export const FINAL_END_DETAILS = /[ \t]*((?:<\/details[ \t]*>[ \t]*)+)$/i;
export const END_SUMMARY = /<\/summary\s*>/i;

const NAMES = ["<details", "</details", "<summary"];

/** The length of the opening tag of this kind at the start of a line; 0 if there is none. */
export function openingTag(kind: "details" | "summary", body: string): number {
	const length = (kind === "details" ? DETAILS : SUMMARY).exec(body)?.[0].length ?? 0;
	return length > MAX_SPAN ? 0 : length;
}

/** Whether a line could become one of the tags at its start when more text arrives. */
export function mayBeDetails(body: string): boolean {
	if (body.length > MAX_SPAN) return false;
	const start = /^<\/?[a-z]*/i.exec(body)?.[0].toLowerCase() ?? "";
	// A tag that is complete was read as one, if it has a meaning here.
	if (start !== body.toLowerCase()) return NAMES.includes(start) && !body.includes(">");
	return NAMES.some((name) => name.startsWith(start));
}

/** The innermost open `<details>` that contains a block, or is the block. */
export function detailsAround(block: Block | null): Block | null {
	for (let at = block; at; at = at.parent) if (at.kind === "details") return at;
	return null;
}
