/**
 * Parses and draws the inline Markdown of a paragraph or a heading as it grows. The cells of a
 * table are drawn in table.ts.
 *
 * Text whose meaning is certain is committed: painted and then dropped. The short text after it
 * is parsed again with every new piece.
 */

import { trimSpaces } from "../chars";
import type { Lookup } from "../inline/brackets";
import type { Run } from "../inline/emphasis";
import { showPending } from "../inline/pending-inline";
import { SCAN_START, Scan, type ScanStart } from "../inline/scan";
import { incrementalReader, Source } from "../source";
import type { RenderContext } from "./context";
import { describe, marksUpTo, type PlacedMark } from "./inline";
import { Patch } from "./patch";

/** Which characters of the text are shown. */
export interface LeafState {
	/** Characters at the start that are definitions and not shown. */
	readonly skip: number;
	/** Where to stop: the text after this is not shown yet. */
	readonly until: number;
	readonly final: boolean;
}

const NOTHING: LeafState = { skip: 0, until: Infinity, final: false };

/** The inline text of one paragraph or heading. */
export class LeafText {
	readonly #patch: Patch;
	readonly #lookup: Lookup;
	readonly #incrementalReader = incrementalReader();
	#source = new Source();
	#tentative = true;
	#state = NOTHING;
	#toSkip = 0;
	#trial = "";
	/** The text that is not committed; `#start` says where it begins. */
	#tail = "";
	#start: ScanStart = SCAN_START;
	#key = "";
	#marks: readonly PlacedMark[] = [];
	/** Number of marks that are painted in the committed text. */
	#marked = 0;

	constructor(
		readonly el: HTMLElement,
		readonly ctx: RenderContext,
	) {
		this.#patch = new Patch(el);
		this.#lookup = ctx.lookup(this);
	}

	/** Paints new text. Returns true if anything is visible. */
	update(source: Source, tentative: boolean, state: LeafState): boolean {
		const rewind = state.skip !== this.#state.skip;
		this.#source = source;
		this.#tentative = tentative;
		this.#state = state;
		this.#take(rewind);
		const key = `${this.#tail.length} ${this.#start.base} ${state.until} ${state.final} ${this.#trial}`;
		if (key !== this.#key) {
			this.#key = key;
			this.#read();
		}
		return this.el.firstChild !== null;
	}

	/** Parses and draws the whole text again, because a name in it is now defined. */
	refresh(): void {
		this.#take(true);
		this.#read();
	}

	/** Shows these marks in the text. Text before an earlier mark is not read again. */
	setMarks(marks: readonly PlacedMark[]): void {
		const { base } = this.#start;
		const before = this.#marks.filter(({ at }) => at < base);
		const now = marks.filter(({ at }) => at < base);
		this.#marks = marks;
		const same =
			now.length === before.length && now.every((mark, i) => mark.slot === before[i]?.slot);
		if (same) this.#read();
		else this.refresh();
	}

	#take(rewind: boolean): void {
		const { restart, added, trial } = this.#incrementalReader(
			this.#source,
			this.#tentative,
			rewind,
		);
		if (restart) {
			this.#toSkip = this.#state.skip;
			this.#tail = "";
			this.#start = SCAN_START;
			this.#key = "";
			this.#marked = 0;
			this.#patch.reset();
		}
		const text = added.join("");
		this.#tail += text.slice(this.#toSkip);
		this.#toSkip = Math.max(0, this.#toSkip - text.length);
		this.#trial = trial.join("");
	}

	#read(): void {
		if (this.#patch.changed) {
			this.refresh();
			return;
		}
		const trial = this.#trial.slice(this.#toSkip);
		const { skip, until, final } = this.#state;
		const room = Math.max(0, until - skip - this.#start.base);
		const stable = Math.min(this.#tail.length, room);
		let text = (this.#tail + trial).slice(0, room);
		if (final) text = trimSpaces(`x${text}`).slice(1);
		const { ctx } = this;
		const scan = new Scan(text, ctx.grammar, this.#lookup, this.#start, stable, final).run();
		if (scan.mustReread) {
			this.refresh();
			return;
		}
		if (!final) showPending(scan);
		const { commit, root } = scan;
		const rest = commit?.last ? commit.last.next : root.first;
		const marks = this.#marks.length > 0 ? { marks: this.#marks, next: this.#marked } : null;
		const committed = describe(root.first, rest, ctx, 0, marks);
		if (marks) this.#marked = marks.next;
		const provisional = describe(rest, null, ctx, 0, marks);
		if (marks) provisional.push(...marksUpTo(marks, Infinity));
		this.#patch.paint(committed, provisional);
		if (commit) this.#keep(commit.start, commit.length);
	}

	#keep(start: ScanStart, length: number): void {
		this.#tail = this.#tail.slice(length);
		this.#start = start;
		for (let run: Run | null = start.openRuns; run && !run.committed; run = run.prev)
			run.committed = true;
		if (start.openRuns) start.openRuns.next = null;
		this.#key = "";
	}
}
