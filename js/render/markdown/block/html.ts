/**
 * Recognizes where an HTML block in Markdown starts and ends (CommonMark spec 4.6).
 *
 * No HTML is made here: such a block is shown as its source text.
 */

import { matchAt } from "../../match";
import { CLOSE_TAG, OPEN_TAG, RAW } from "../inline/angle";

const NAMES =
	"address|article|aside|base(?:font)?|blockquote|body|caption|center|col(?:group)?|d[dlt]|details|dialog|di[rv]|fieldset|fig(?:caption|ure)|footer|form|frame(?:set)?|h[1-6r]|head(?:er)?|html|iframe|legend|li(?:nk)?|main|menu(?:item)?|nav|noframes|[ou]l|optgroup|option|p|param|search|section|summary|t[dhr]|table|tbody|tfoot|thead|title|track";

const BEGIN = [
	/^<(?:script|pre|textarea|style)(?:\s|>|$)/i,
	...RAW.map(([opener]) => opener),
	new RegExp(`^</?(?:${NAMES})(?:\\s|/?>|$)`, "i"),
	new RegExp(`^(?:${OPEN_TAG}|${CLOSE_TAG})\\s*$`),
];

const END = /<\/(?:script|pre|textarea|style)>/i;

/**
 * The start condition that a line meets, 1 to 7, or 0. Condition 7 cannot interrupt a
 * paragraph.
 */
export function htmlBegins(body: string, inParagraph: boolean): number {
	const kind = BEGIN.findIndex((pattern) => matchAt(pattern, body, 0)) + 1;
	return kind === 7 && inParagraph ? 0 : kind;
}

/** Whether a line ends the block. Blocks of conditions 6 and 7 end at a blank line instead. */
export function htmlEnds(kind: number, line: string): boolean {
	const closer = RAW[kind - 2]?.[1];
	return closer ? line.includes(closer) : kind === 1 && END.test(line);
}
