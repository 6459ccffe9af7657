/**
 * Streaming Markdown in an element of the host's.
 *
 * Knows the groups of finished blocks that the browser lays out once. The host
 * calls `push` whenever it likes and `render` once a frame.
 */

import { type Paced, paced } from "../paced";
import { MarkdownDocument } from "./document";
import { Children } from "./dom/blocks";
import { make } from "./dom/element";
import type { MarkdownOptions } from "./dom/host";
import { Painter } from "./dom/painter";
import { browserEntities } from "./entities-dom";

export type { MarkdownOptions } from "./dom/host";

export interface Markdown extends Paced {
	/** The blocks, as far as they are read: `treeOf` makes plain data of them. */
	readonly document: MarkdownDocument;
}

/** Blocks whose layout the browser keeps apart from the rest. */
const GROUP = 32;

export function createMarkdown(root: HTMLElement, options: MarkdownOptions = {}): Markdown {
	const document = new MarkdownDocument({
		gfm: options.gfm ?? true,
		footnotes: options.footnotes ?? true,
		math: options.math ?? true,
		named: options.named ?? browserEntities(),
	});
	const painter = new Painter(root, document, options);
	const blocks = new Children(groups(root, painter), painter);
	root.classList.add("nbmd");
	const paint = () => {
		blocks.update(document.shown());
		painter.refresh();
		painter.notes.arrange();
	};
	return {
		...paced(
			options,
			(text) => document.write(text),
			() => document.end(),
			paint,
		),
		document,
	};
}

/** Top-level blocks, in groups that `contain` keeps apart. */
function groups(root: HTMLElement, painter: Painter) {
	const made: HTMLElement[] = [];
	return {
		append(el: HTMLElement, index: number) {
			const number = Math.floor(index / GROUP);
			let group = made[number];
			if (!group) {
				group = made[number] = make("div", "nbmd-group");
				root.insertBefore(group, painter.notes.end);
			}
			group.append(el);
		},
		cut(from: number) {
			for (const group of made.splice(Math.ceil(from / GROUP))) group?.remove();
		},
	};
}
