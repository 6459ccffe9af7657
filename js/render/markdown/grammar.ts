/**
 * The options of the Markdown parser: which syntax beyond CommonMark is on, and how named
 * character references are looked up. The options for links and images are in dom/options.ts.
 */

import type { NamedEntity } from "./entities";

/** The syntax that the parser accepts. */
export interface Grammar {
	/** Tables, strikethrough, task lists, literal autolinks. */
	readonly gfm: boolean;
	readonly footnotes: boolean;
	/** $…$, $$…$$, \(…\), \[…\]. */
	readonly math: boolean;
	/** Looks up a named character reference such as `&amp;`. */
	readonly named: NamedEntity;
}
