/**
 * The options of the Markdown parser: which syntax beyond CommonMark is on. The options for
 * links and images are in dom/options.ts.
 */

import type { NamedEntity } from "./entities";

/** The syntax that the parser accepts. */
export interface Grammar {
	/** Tables, strikethrough, task lists, literal autolinks. */
	readonly gfm: boolean;
	readonly footnotes: boolean;
	/** $…$, $$…$$, \(…\), \[…\]. */
	readonly math: boolean;
	readonly named: NamedEntity;
}
