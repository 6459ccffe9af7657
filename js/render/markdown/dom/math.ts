/**
 * Creates the element of a formula in Markdown. It shows the source of the formula until the
 * host's option `drawMath` has drawn it.
 */

import { visible } from "../../policy/characters";
import { make } from "./element";
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
