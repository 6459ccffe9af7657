/**
 * The interface of a block's view.
 */

import type { Block } from "../block/node";

export interface BlockView {
	/** The view's element; null if it has none at its place, as for a footnote. */
	readonly el: HTMLElement | null;
	update(block: Block): void;
	/** Called after the element was removed. */
	remove?(): void;
}

/** Two blocks with the same key can be drawn by the same view. */
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
