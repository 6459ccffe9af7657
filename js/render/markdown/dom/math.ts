/**
 * Draws a formula in Markdown: its source is shown until the host page draws the formula.
 */

import { make, visible } from "./element";
import type { MarkdownOptions } from "./options";
import type { Slot } from "./patch";

/** Describes a formula for patch.ts. */
export function mathSlot(source: string, display: boolean, options: MarkdownOptions): Slot {
	return {
		key: `math\n${display}\n${source}`,
		create() {
			const el = make("span", display ? "nbmd-math-display" : "nbmd-math", visible(source));
			options.drawMath?.(el, source, display);
			return el;
		},
	};
}
