/**
 * The options of the parser. The options for links and images are in dom/options.ts.
 */

import type { NamedEntity } from "./entities";

export interface Grammar {
	/** Tables, strikethrough, task lists, literal autolinks. */
	readonly gfm: boolean;
	readonly footnotes: boolean;
	/** $…$, $$…$$, \(…\), \[…\]. */
	readonly math: boolean;
	readonly named: NamedEntity;
}
