/**
 * The options of the Markdown renderer. The host page sets them, never the model's text.
 */

import type { RenderOptions } from "../../frame-queue";
import type { NamedEntity } from "../entities";
import type { Extensions } from "../grammar";

/** The options of `createMarkdown`. All extensions of the syntax are on by default. */
export interface MarkdownOptions extends RenderOptions, Partial<Extensions> {
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
