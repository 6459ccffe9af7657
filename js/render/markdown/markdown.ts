/**
 * Streaming Markdown in an element of the host's.
 *
 * Knows the groups of finished blocks that the browser lays out once. The host
 * calls `push` whenever it likes and `render` once a frame.
 */

import { frameQueue, type StreamRenderer } from "../frame-queue";
import { MarkdownDocument } from "./document";
import { Children } from "./dom/blocks";
import { RenderContext } from "./dom/context";
import { make } from "./dom/element";
import type { MarkdownOptions } from "./dom/options";
import { browserEntities } from "./entities-dom";

export type { MarkdownOptions } from "./dom/options";

export interface Markdown extends StreamRenderer {
	/** The blocks, as far as they are read: `treeOf` makes plain data of them. */
	readonly document: MarkdownDocument;
}

export function createMarkdown(root: HTMLElement, options: MarkdownOptions = {}): Markdown {
	const document = new MarkdownDocument({
		gfm: options.gfm ?? true,
		footnotes: options.footnotes ?? true,
		math: options.math ?? true,
		named: options.named ?? browserEntities(),
	});
	const ctx = new RenderContext(root, document, options);
	const blocks = new Children(
		groups((group) => root.insertBefore(group, ctx.footnotes.end)),
		ctx,
	);
	root.classList.add("nbmd");
	const paint = () => {
		blocks.update(document.shown());
		ctx.refresh();
		ctx.footnotes.arrange();
	};
	return {
		...frameQueue(
			options,
			(text) => document.write(text),
			() => document.end(),
			paint,
		),
		document,
	};
}

/**
 * Top-level blocks in groups that `contain` keeps apart: of a few, for a group
 * is painted anew as a whole, and those in groups of many, for the browser
 * looks through all of them in each frame.
 */
function groups(append: (group: HTMLElement) => void) {
	const outer = level(64, append);
	const inner = level(4, outer.append);
	return {
		append: inner.append,
		cut(from: number) {
			inner.cut(from);
			outer.cut(from);
		},
	};
}

function level(size: number, append: (group: HTMLElement, index: number) => void) {
	const made: HTMLElement[] = [];
	return {
		append(el: HTMLElement, index: number) {
			const number = Math.floor(index / size);
			let group = made[number];
			if (!group) {
				group = made[number] = make("div", "nbmd-group");
				append(group, index);
			}
			group.append(el);
		},
		cut(from: number) {
			for (const group of made.splice(Math.ceil(from / size))) group?.remove();
			// A footnote's definition counts and has no element here.
			if (made.at(-1)?.firstChild === null) made.pop()?.remove();
		},
	};
}
