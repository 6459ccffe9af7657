/**
 * Which grammar is read.
 *
 * Knows the switches of the parser alone; what a host wants of links and images
 * is in dom/options.ts.
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
