/**
 * The options of the Markdown parser: which syntax beyond CommonMark is on, and how named
 * character references are looked up. The options for links and images are in dom/options.ts.
 */

import type { NamedEntity } from "./entities";

/** The extensions that can be switched on and off. */
export interface Extensions {
	/** Tables, strikethrough, task lists, literal autolinks. */
	readonly gfm: boolean;
	/** `[^1]` and `[^1]: text`. */
	readonly footnotes: boolean;
	/** `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{align}…\end{align}`. */
	readonly math: boolean;
	/**
	 * The tags of inline/tags.ts and block/details.ts become elements. There are no HTML blocks:
	 * other raw HTML is text of a paragraph.
	 */
	readonly tags: boolean;
	/** Emphasis beside Chinese, Japanese and Korean letters, which have no spaces around them. */
	readonly cjk: boolean;
	/**
	 * A literal autolink ends before full-width punctuation, and the last part of a mail
	 * address's domain is a word: `next@15.0.0-rc` is not an address.
	 */
	readonly addresses: boolean;
}

/** The syntax that the parser accepts. */
export interface Grammar extends Extensions {
	/** Looks up a named character reference such as `&amp;`. */
	readonly named: NamedEntity;
}
