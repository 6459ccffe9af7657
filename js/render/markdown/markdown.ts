/**
 * `createMarkdown`: renders Markdown in an element of the host page while it streams.
 *
 * The host calls `push` when text arrives, `render` once a frame, and `end` after the last text.
 */

import { frameQueue, type StreamRenderer } from "../frame-queue";
import { MarkdownDocument } from "./document";
import { Children } from "./dom/blocks";
import { RenderContext } from "./dom/context";
import { make } from "./dom/element";
import { Marks } from "./dom/marks";
import type { MarkdownOptions } from "./dom/options";
import { browserEntities } from "./entities-dom";

export type { MarkdownOptions } from "./dom/options";

/** The object that `createMarkdown` returns. */
export interface Markdown extends StreamRenderer {
	/** The blocks parsed so far. `treeOf` turns them into plain data. */
	readonly document: MarkdownDocument;
	/**
	 * Puts an element of the host page into the text, after the first `at` characters of the
	 * source: in the next `render`, or when so much has arrived. The text is parsed as without
	 * it. In code, a formula or a link it comes at the end of that, and before white space.
	 */
	mark(at: number, el: HTMLElement): void;
}

/** Creates a renderer that draws the document in `root`. */
export function createMarkdown(root: HTMLElement, options: MarkdownOptions = {}): Markdown {
	const document = new MarkdownDocument({
		gfm: options.gfm ?? true,
		footnotes: options.footnotes ?? true,
		math: options.math ?? true,
		tags: options.tags ?? true,
		cjk: options.cjk ?? true,
		addresses: options.addresses ?? true,
		named: options.named ?? browserEntities(),
	});
	const ctx = new RenderContext(root, document, options);
	const blocks = new Children(
		groups((group) => root.insertBefore(group, ctx.footnotes.end)),
		ctx,
	);
	root.classList.add("nbmd");
	const marks = new Marks(document, ctx);
	const paint = () => {
		blocks.update(document.shown());
		if (ctx.refresh()) marks.repaintCells();
		marks.arrange();
		ctx.footnotes.arrange();
	};
	const queue = frameQueue(
		options,
		(text) => {
			marks.note(text);
			document.write(text);
		},
		() => document.end(),
		paint,
	);
	return {
		...queue,
		render() {
			const more = queue.render();
			// Marks may have come after their text.
			marks.arrange();
			return more;
		},
		document,
		mark: (at, el) => marks.add(at, el),
	};
}

/**
 * Puts top-level blocks into groups with CSS `contain`, so that finished groups are
 * not laid out again. Inner groups are small, because a group is repainted as a whole.
 * Outer groups are large, because the browser visits each of them in every frame.
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

/** Puts elements into groups of `size`. */
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
			// A footnote's definition has an index but no element here.
			if (made.at(-1)?.firstChild === null) made.pop()?.remove();
		},
	};
}
