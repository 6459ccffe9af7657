/**
 * Puts the messages from Python in order by their sequence numbers, and asks for
 * the whole state when one is missing.
 *
 * It has no clock and no connection of its own: the target, the function that
 * sends and the timer are passed in.
 */

import type { FromPython, Op, Snapshot, ToPython, WireState } from "./events";

/** The state that the bridge updates. */
export interface Target {
	apply(op: Op): void;
	replace(state: WireState): void;
	/** The stream has ended: nothing is left to ask for. */
	finished(): boolean;
}

/** Calls `tick` every `ms` until the returned function is called. */
export type Every = (ms: number, tick: () => void) => () => void;

export const RETRY_MS = 500;

export class Bridge {
	/** Number of the last message applied. Number 0 is the empty state that a widget starts with. */
	have = -1;
	/** The highest number received. If a snapshot is older, messages are still missing. */
	#latest = -1;
	/** Deltas that arrived after a gap, by number. They are applied once the gap is filled. */
	#pending = new Map<number, Op[]>();
	#stopRequests: (() => void) | null = null;

	readonly #target: Target;
	readonly #send: (message: ToPython) => void;
	readonly #every: Every;

	constructor(target: Target, send: (message: ToPython) => void, every: Every) {
		this.#target = target;
		this.#send = send;
		this.#every = every;
	}

	/** Starts from the synced `snapshot` trait, if it has a value. */
	start(snapshot: Snapshot): void {
		this.fromTrait(snapshot);
		if (!this.#target.finished()) this.#requestState();
	}

	/** Takes a new value of the `snapshot` trait like a snapshot message. */
	fromTrait(snapshot: Snapshot | undefined | null): void {
		if (snapshot?.state && typeof snapshot.seq === "number") {
			this.#snapshot(snapshot.seq, snapshot.state);
		}
	}

	receive(message: FromPython): void {
		if (message?.t === "snap") this.#snapshot(message.seq, message.state);
		else if (message?.t === "d") this.#delta(message.seq, message.ops);
	}

	close(): void {
		this.#stopRequests?.();
		this.#stopRequests = null;
	}

	#delta(seq: number, ops: Op[]): void {
		if (seq <= this.have) return;
		this.#latest = Math.max(this.#latest, seq);
		this.#pending.set(seq, ops);
		this.#applyPending();
	}

	#snapshot(seq: number, state: WireState): void {
		if (seq > this.have) {
			this.have = seq;
			this.#target.replace(state);
		}
		this.#latest = Math.max(this.#latest, seq);
		this.#applyPending();
	}

	/** Applies the deltas that are next in order, then checks whether one is missing. */
	#applyPending(): void {
		for (const seq of this.#pending.keys()) if (seq <= this.have) this.#pending.delete(seq);
		for (let ops = this.#next(); ops; ops = this.#next()) {
			for (const op of ops) this.#target.apply(op);
		}
		if (this.have >= this.#latest || this.#target.finished()) this.close();
		else this.#requestState();
	}

	#next(): Op[] | undefined {
		const ops = this.#pending.get(this.have + 1);
		if (!ops) return undefined;
		this.have++;
		this.#pending.delete(this.have);
		return ops;
	}

	/**
	 * Asks repeatedly: a message sent before the comm has its own channel into the
	 * kernel (a subshell) is not read until the cell ends.
	 */
	#requestState(): void {
		if (this.#stopRequests) return;
		const sync = () => this.#send({ t: "sync", have: this.have });
		this.#stopRequests = this.#every(RETRY_MS, sync);
		sync();
	}
}
