/**
 * What a block is on the page.
 *
 * Knows the seam only: an element, and a way to bring it up to date. Containers
 * are in blocks.ts, leaves in the file of their kind.
 */

import type { Block } from "../block/node";

export interface BlockView {
	/** Where it stands; null if it has none here, as a footnote. */
	readonly el: HTMLElement | null;
	update(block: Block): void;
	/** It was taken away. */
	remove?(): void;
}

/** What two blocks must share to be drawn by the same view. */
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
