/**
 * The interface of the views that draw one Markdown block each (blocks.ts holds them), and the
 * key that tells whether a view can draw another block.
 */

import type { Block } from "../block/node";
import type { PlacedMark } from "./inline";

/** The DOM element of one block, and the methods that update and remove it. */
export interface BlockView {
	/** The view's element; null if it has none at its place, as for a footnote. */
	readonly el: HTMLElement | null;
	update(block: Block): void;
	/** Called after the element was removed. */
	remove?(): void;
	/** Shows these marks, in their order, in place of all others (marks.ts). */
	setMarks?(marks: readonly PlacedMark[]): void;
}

/** A key that is equal for blocks that the same view can draw. */
export function viewKey(block: Block): string {
	const { kind, level, mark, fence, label, columns } = block;
	return [
		kind,
		level,
		mark?.ordered,
		mark?.start,
		!fence,
		label,
		columns?.head,
		columns?.align,
	].join();
}
