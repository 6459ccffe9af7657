/**
 * Keeps the page responsive when a long view has moved: the browser then computes the styles and the
 * layout of all of it again, which takes a second for 1 MB of text. So at first only what is
 * visible is laid out; the rest keeps the height it had, and follows in pieces.
 */

/** The small groups of blocks of a text (markdown.ts of the renderer). */
const GROUPS = ".nbmd-group > .nbmd-group";

/** Fewer are laid out at once. */
const MANY = 50;

/** Groups of a piece. To lay out eight takes hardly longer than one. */
const PIECE = 8;

/** Milliseconds of a frame for the pieces. */
const BUDGET_MS = 5;

/** Prepares elements that are out of the page, and are put back into it in this task. */
export function layOutInPieces(nodes: readonly Node[]): void {
	const elements = nodes.filter((node) => node instanceof Element);
	const groups = elements.flatMap((el) => [...el.querySelectorAll<HTMLElement>(GROUPS)]);
	if (groups.length < MANY) return;
	for (const { style } of groups) style.contentVisibility = "auto";
	const next = () => {
		const end = performance.now() + BUDGET_MS;
		do {
			// From the end, where a reader most often is.
			const piece = groups.splice(-PIECE);
			for (const { style } of piece) style.contentVisibility = "";
			piece[0]?.getBoundingClientRect(); // lays it out, so that the clock counts it
		} while (groups.length && performance.now() < end);
		if (groups.length) requestAnimationFrame(next);
	};
	requestAnimationFrame(next);
}
