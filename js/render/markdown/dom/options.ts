/**
 * What the page that shows the answer may decide.
 *
 * Knows the seams: images, formulas, highlighting, the page's address. None of
 * them is ever decided by what the model wrote.
 */

import type { RenderOptions } from "../../frame-queue";
import type { NamedEntity } from "../entities";

export interface MarkdownOptions extends RenderOptions {
	/** Tables, strikethrough, task lists, literal autolinks. Default true. */
	gfm?: boolean;
	/** Default true. */
	footnotes?: boolean;
	/** $…$, $$…$$, \(…\), \[…\]. Default true. */
	math?: boolean;
	/** Bytes of the host's own for an image's address, as a blob or data URL. */
	resolveImage?: (href: string) => string | null;
	/** Hosts whose images load without a click. Set by the reader's code. */
	allowImageHosts?: readonly string[];
	/** Draws a formula into an element that shows its source. */
	drawMath?: (into: HTMLElement, source: string, display: boolean) => void;
	/** Colours a finished block of code, off the frame. */
	highlight?: (code: HTMLElement, source: string, language: string) => void;
	/** The page's address; links to its own origin are not live. */
	page?: string;
	/** Character references by name; the browser's own if absent. */
	named?: NamedEntity;
}
