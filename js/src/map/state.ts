/**
 * The state of a map in the page, and the messages that change it.
 */

import { isLive } from "../answer";
import type { Change, MapSnapshot, Totals } from "../wire-map";

/** What the page knows of a map. */
export class MapState {
	totals: Totals | null = null;
	cells: string[] = [];
	prompts: string[] = [];
	texts: string[] = [];
	/** The number of the last message that is included; -1 before there is any. */
	seq = -1;

	/** Whether it has not ended. */
	get live(): boolean {
		return !this.totals || isLive(this.totals.status);
	}

	/** Takes a snapshot. */
	replace(seq: number, { cells, prompts, texts, ...totals }: MapSnapshot): void {
		if (seq < this.seq) return;
		this.seq = seq;
		this.totals = totals;
		this.cells = [...cells];
		this.prompts = prompts;
		this.texts = [];
		for (const [at, text] of Object.entries(texts)) this.texts[Number(at)] = text;
	}

	/** Takes changes. Returns false if some are missing, so that the whole state is needed. */
	apply(seq: number, { cells, ...totals }: Totals & { cells: Change[] }): boolean {
		if (seq <= this.seq) return true;
		if (this.seq < 0 || seq !== this.seq + 1) return false;
		this.seq = seq;
		this.totals = totals;
		for (const [at, state, text] of cells) {
			this.cells[at] = state;
			if (text !== undefined) this.texts[at] = text;
		}
		return true;
	}
}

/** A state in a word, for styles and for screen readers. */
export function kindOf(cell: string): string {
	return { ".": "waiting", d: "done", f: "failed", s: "stopped" }[cell] ?? "running";
}
