/**
 * The options of the Markdown renderer. The host page sets them, never the model's text.
 */

import type { RenderOptions } from "../../frame-queue";
import type { NamedEntity } from "../entities";

/** The options of `createMarkdown`. */
export interface MarkdownOptions extends RenderOptions {
	/** Tables, strikethrough, task lists, literal autolinks. Default true. */
	gfm?: boolean;
	/** Default true. */
	footnotes?: boolean;
	/** $…$, $$…$$, \(…\), \[…\]. Default true. */
	math?: boolean;
	/** Returns a blob: or data: URL for an image address that the host has itself, else null. */
	resolveImage?: (href: string) => string | null;
	/** Hosts whose images load without a click. Default none. */
	allowImageHosts?: readonly string[];
	/** Draws a formula into an element that shows its source. Default: the source stays. */
	drawMath?: (into: HTMLElement, source: string, display: boolean) => void;
	/** Highlights a complete code block. Default: no colours. */
	highlight?: (code: HTMLElement, source: string, language: string) => void;
	/** The page's address; links to its origin are not live. Default `location.href`. */
	page?: string;
	/** Looks up named character references. Default: the browser's own table. */
	named?: NamedEntity;
}
