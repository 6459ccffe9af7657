/**
 * Draws Markdown blocks that contain no blocks: paragraphs, headings, raw HTML as source text,
 * and display formulas. Code and tables have their own files.
 */

import { visible } from "../../policy/characters";
import { readDefinitions } from "../block/definition";
import type { Block } from "../block/node";
import { HOLD_TABLE_HEAD } from "../limits";
import { incrementalReader } from "../source";
import type { BlockView } from "./block-view";
import type { RenderContext } from "./context";
import { setDirection } from "./direction";
import { make, type Tag } from "./element";
import { LeafText } from "./leaf-text";
import { mathSlot } from "./math";
import { Patch } from "./patch";

/** Creates the view of a paragraph, a heading or a summary. */
export function textView(block: Block, ctx: RenderContext): BlockView {
	const paragraph = block.kind === "paragraph";
	const tags: Partial<Record<string, Tag>> = { paragraph: "p", summary: "summary" };
	const el = make(tags[block.kind] ?? (`h${block.level}` as Tag));
	const leaf = new LeafText(el, ctx);
	/** Where the last definition begins that more text may change. */
	let from = 0;

	/** Checks whether a paragraph that begins like a definition is one, until that is decided. */
	const probe = (block: Block) => {
		if (!block.undecided) return;
		const text = block.source.tail(block.length - from);
		const { undecided, length, last } = readDefinitions(text, ctx.grammar.named);
		block.undecided = undecided && block.open;
		block.defined = block.undecided ? 0 : from + length;
		if (!block.tentative) from += last;
	};

	/** A line that begins with a pipe waits for the next line, which may be a delimiter row. */
	const until = ({ open, undecided, piped, length, lastLine }: Block) => {
		if (open && undecided) return 0;
		const held = open && piped && ctx.grammar.gfm && length - lastLine <= HOLD_TABLE_HEAD;
		return held ? Math.max(0, lastLine - 1) : Infinity;
	};

	return {
		el,
		update(block) {
			probe(block);
			const final = !block.open;
			const state = { skip: block.defined, until: until(block), final };
			const shown = leaf.update(block.source, block.tentative, state);
			// Hidden while all of it may be a definition.
			const hidden = !shown && (block.open || block.tentative) && paragraph;
			if (el.hidden !== hidden) el.hidden = hidden;
			setDirection(el);
		},
		setMarks: (marks) => leaf.setMarks(marks),
	};
}

/** Creates the view of an HTML block, which shows its source text. */
export function literalView(): BlockView {
	const el = make("div", "nbmd-html");
	const patch = new Patch(el);
	const read = incrementalReader();
	return {
		el,
		update({ source, tentative }) {
			const { restart, added, trial } = read(source, tentative, patch.changed);
			if (restart) patch.reset();
			patch.paint([visible(added.join(""))], [visible(trial.join(""))]);
		},
	};
}

const OPENERS: Record<string, string> = { $$: "$$\n", "\\]": "\\[\n" };

/** Creates the view of a display formula. */
export function mathView(ctx: RenderContext): BlockView {
	const el = make("div", "nbmd-math-block");
	const patch = new Patch(el);
	return {
		el,
		update(block) {
			const text = block.source.toString().trim();
			const whole = block.complete && !block.tentative;
			// One that never ended is text, with its opener.
			const opener = whole || block.open ? "" : (OPENERS[block.closer] ?? "");
			patch.paint([], [whole ? mathSlot(text, true, ctx.options) : visible(opener + text)]);
		},
	};
}
