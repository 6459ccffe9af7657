/**
 * Sequence numbers: which messages are taken, which are kept for later, and
 * when the kernel is asked for the whole state.
 *
 * Knows `seq`, gaps and retries. Refuses to know what an op means, what is
 * painted, and time itself: the fold, the way to send and the timer are given.
 */

import type { FromPython, Op, Snapshot, ToPython, WireState } from "./events";

/** What the bridge fills. */
export interface Fold {
	apply(op: Op): void;
	replace(state: WireState): void;
	/** No more can come: there is nothing left to ask for. */
	finished(): boolean;
}

/** Calls `tick` every `ms` until the returned function is called. */
export type Every = (ms: number, tick: () => void) => () => void;

export const RETRY_MS = 500;

export class Bridge {
	/** The last message taken. An answer is born with number 0, the empty state. */
	have = -1;
	/** The highest number seen: a snapshot older than this leaves a gap. */
	#seen = -1;
	/** Deltas that came after a gap, by number, for after the snapshot. */
	#early = new Map<number, Op[]>();
	#stopAsking: (() => void) | null = null;

	readonly #fold: Fold;
	readonly #send: (message: ToPython) => void;
	readonly #every: Every;

	constructor(fold: Fold, send: (message: ToPython) => void, every: Every) {
		this.#fold = fold;
		this.#send = send;
		this.#every = every;
	}

	/** Begin from the state that was synced with the widget, if there is one. */
	start(restored: Snapshot): void {
		this.restored(restored);
		if (!this.#fold.finished()) this.#ask();
	}

	/** The synced trait changed: it is a snapshot like any other. */
	restored(snapshot: Snapshot | undefined | null): void {
		if (snapshot?.state && typeof snapshot.seq === "number") {
			this.#snap(snapshot.seq, snapshot.state);
		}
	}

	receive(message: FromPython): void {
		if (message?.t === "snap") this.#snap(message.seq, message.state);
		else if (message?.t === "d") this.#delta(message.seq, message.ops);
	}

	close(): void {
		this.#stopAsking?.();
		this.#stopAsking = null;
	}

	#delta(seq: number, ops: Op[]): void {
		if (seq <= this.have) return;
		this.#seen = Math.max(this.#seen, seq);
		this.#early.set(seq, ops);
		this.#drain();
	}

	#snap(seq: number, state: WireState): void {
		if (seq > this.have) {
			this.have = seq;
			this.#fold.replace(state);
		}
		this.#seen = Math.max(this.#seen, seq);
		this.#drain();
	}

	/** Take every delta that is next, then see whether something is missing. */
	#drain(): void {
		for (const seq of this.#early.keys()) if (seq <= this.have) this.#early.delete(seq);
		for (let ops = this.#next(); ops; ops = this.#next()) {
			for (const op of ops) this.#fold.apply(op);
		}
		if (this.have >= this.#seen || this.#fold.finished()) this.close();
		else this.#ask();
	}

	#next(): Op[] | undefined {
		const ops = this.#early.get(this.have + 1);
		if (!ops) return undefined;
		this.have++;
		this.#early.delete(this.have);
		return ops;
	}

	/**
	 * Ask, and keep asking: a message sent before the page's comm has its own
	 * channel into the kernel lies there unread until the cell ends.
	 */
	#ask(): void {
		if (this.#stopAsking) return;
		const sync = () => this.#send({ t: "sync", have: this.have });
		this.#stopAsking = this.#every(RETRY_MS, sync);
		sync();
	}
}
