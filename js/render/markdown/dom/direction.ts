/**
 * Sets the direction of a block of text, left to right or right to left, by its own first letter.
 *
 * Letters in code and in formulas do not count. A list, an item or a quote takes the direction of
 * the text it begins with, and each block in it has its own. `dir="auto"` cannot do this: it
 * ignores descendants that have a direction. Python's static HTML follows the same rule.
 */

// The blocks of Unicode whose letters are written from right to left.
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;
const LEFT_OUT = "code, button, .nbmd-code, .nbmd-math, .nbmd-math-block, .nbmd-host";
const BLOCKS =
	"p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, details, summary, th, td, .nbmd-table";

/** Text nodes that are looked at. A block that begins with more of them has no letter. */
const MAX_NODES = 40;

/** Sets the `dir` of a block by its text, if it is not that of the block around it. Call it
 *  again while the block changes. */
export function setDirection(el: HTMLElement): void {
	const around = el.parentElement?.closest<HTMLElement>("[dir], .nbmd")?.dir || "ltr";
	const own = read(el) ?? around;
	const dir = own === around ? "" : own;
	if (el.dir === dir) return;
	if (dir) el.dir = dir;
	else el.removeAttribute("dir");
	for (const inner of el.querySelectorAll<HTMLElement>(BLOCKS)) setDirection(inner);
}

/** The direction of the first letter in a text; undefined if there is none. */
export function directionOf(text: string): "ltr" | "rtl" | undefined {
	const letter = LETTER.exec(text)?.[0];
	if (!letter) return undefined;
	return RTL.test(letter) ? "rtl" : "ltr";
}

/** The direction of the first letter in an element; undefined if there is none. */
function read(el: HTMLElement): "ltr" | "rtl" | undefined {
	const texts = el.ownerDocument.createTreeWalker(el, NodeFilter.SHOW_TEXT);
	for (let i = 0; i < MAX_NODES && texts.nextNode(); i++) {
		const { data, parentElement } = texts.currentNode as Text;
		const direction = directionOf(data);
		if (direction && !parentElement?.closest(LEFT_OUT)) return direction;
	}
	return undefined;
}
