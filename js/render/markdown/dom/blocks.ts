/**
 * Draws the tree of Markdown blocks as DOM elements, and updates only the blocks that are not
 * finished.
 *
 * A finished block never changes, so each container keeps only the views of children that
 * may still change. The cost of a frame grows with how deeply the open blocks are nested, not
 * with the length of the document.
 */

import type { Block } from "../block/node";
import { footnoteKey } from "../block/references";
import { type BlockView, viewKey } from "./block-view";
import { codeView } from "./code";
import type { RenderContext } from "./context";
import { setDirection } from "./direction";
import { type Attributes, make, setAttributes, type Tag } from "./element";
import { literalView, mathView, textView } from "./leaf-blocks";
import { tableView } from "./table";

/** Where the elements of a container's children are inserted. */
interface Place {
	append(el: HTMLElement, index: number): void;
	/** Called when the children from an index on were removed. */
	cut?(from: number): void;
}

function appendTo(el: HTMLElement): Place {
	return { append: (child) => el.append(child) };
}

/** The view of one child, and the key of its kind. */
interface Child {
	readonly key: string;
	readonly view: BlockView;
}

/** Creates the view for the kind of a block. */
function createView(block: Block, ctx: RenderContext): BlockView {
	switch (block.kind) {
		case "paragraph":
		case "heading":
		case "summary":
			return textView(block, ctx);
		case "code":
			return codeView(ctx.options);
		case "html":
			return literalView();
		case "math":
			return mathView(ctx);
		case "table":
			return tableView(block, ctx);
		case "definition":
			return { el: null, update() {} };
		case "break":
			return { el: make("hr"), update() {} };
		case "footnote":
			return footnoteView(block, ctx);
		default:
			return containerView(block, ctx);
	}
}

/** The views of the children of one container that are not finished. */
export class Children {
	#open: Child[] = [];
	/** Number of finished children, which are not visited again. */
	#done = 0;

	constructor(
		readonly place: Place,
		readonly ctx: RenderContext,
	) {}

	/** Updates the children that are not finished, and adds new ones. */
	update(parent: Block): void {
		const count = parent.childCount;
		for (let i = this.#done; i < count; i++) {
			const block = parent.childAt(i) as Block;
			const view = this.#viewAt(block, i);
			view.update(block);
			if (block.origin || !block.tentative) this.ctx.views.set(block.origin ?? block, view);
		}
		this.cut(count);
		while (this.#open.length > 0) {
			const block = parent.childAt(this.#done) as Block;
			if (block.open || block.tentative) break;
			this.#open.shift();
			this.#done++;
		}
	}

	/** Removes the views from an index on. */
	cut(from = this.#done): void {
		const removed = this.#open.splice(from - this.#done);
		for (const { view } of removed) {
			view.el?.remove();
			view.remove?.();
			this.ctx.footnotes.touch();
		}
		if (removed.length > 0) this.place.cut?.(from);
	}

	/** The view of a child. A child of another kind than before gets a new one. */
	#viewAt(block: Block, index: number): BlockView {
		const key = viewKey(block);
		const old = this.#open[index - this.#done];
		if (old?.key === key) return old.view;
		if (old) this.cut(index);
		const view = createView(block, this.ctx);
		if (view.el) this.place.append(view.el, index);
		this.#open.push({ key, view });
		return view;
	}
}

/** The view of a block that contains blocks: a quote, a list or an item. */
function containerView({ kind, mark }: Block, ctx: RenderContext): BlockView {
	const tags: Partial<Record<string, Tag>> = {
		quote: "blockquote",
		item: "li",
		list: mark?.ordered ? "ol" : "ul",
		details: "details",
	};
	const el = make(tags[kind] ?? "div");
	const children = new Children(appendTo(el), ctx);
	const start: Attributes =
		kind === "list" && mark?.ordered && mark.start !== 1 ? { start: `${mark.start}` } : {};
	let box: HTMLElement | null = null;

	const check = (checked: boolean | null) => {
		setAttributes(el, checked === null ? {} : { class: "nbmd-task" });
		if (checked === null) {
			box?.remove();
			box = null;
			return;
		}
		box ??= make("input");
		const state: Attributes = checked
			? { checked: "", "aria-label": "Done" }
			: { "aria-label": "Not done" };
		setAttributes(box, { type: "checkbox", disabled: "", ...state });
		if (el.firstChild !== box) el.prepend(box);
	};

	return {
		el,
		update(block) {
			// Items always contain paragraphs; a class says whether the list is tight or loose.
			if (kind === "list") {
				setAttributes(el, { class: block.loose ? "nbmd-loose" : "nbmd-tight", ...start });
			}
			if (kind === "item") check(block.task);
			children.update(block);
			setDirection(el);
		},
		remove: () => children.cut(),
	};
}

/** The blocks of a footnote are put at the end of the document. */
function footnoteView(block: Block, ctx: RenderContext): BlockView {
	const name = footnoteKey(block.label);
	const item = ctx.footnotes.define(name);
	const children = new Children(appendTo(item), ctx);
	return {
		el: null,
		update(block) {
			children.update(block);
			setDirection(item);
		},
		remove() {
			children.cut();
			ctx.footnotes.forget(name, item);
		},
	};
}
