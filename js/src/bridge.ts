/**
 * The browser's end of the bridge: applies the messages from Python in the order of their
 * sequence numbers, and asks Python for the whole state at the start and when one is missing.
 *
 * It uses no timer and no comm directly: the target, the function that sends and the
 * timer are passed in.
 */

import type { FromPython, ToPython } from "./wire-messages";
import type { Op } from "./wire-ops";
import type { Snapshot, WireState } from "./wire-state";

/** The state that the bridge updates. */
export interface Target {
	apply(op: Op): void;
	replace(state: WireState): void;
	/** The stream has ended: nothing is left to ask for. */
	finished(): boolean;
}

/** Calls `tick` every `ms` until the returned function is called. */
export type Every = (ms: number, tick: () => void) => () => void;

/** Milliseconds between two requests for the state. */
export const RETRY_MS = 500;

/** Orders the messages of one widget and applies them to its target. */
export class Bridge {
	/**
	 * Number of the last message applied. Number 0 is the empty state that a widget starts
	 * with.
	 */
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

	/** Applies the synced `snapshot` trait, if it has a value, then asks Python for the state. */
	start(snapshot: Snapshot): void {
		this.fromTrait(snapshot);
		if (!this.#target.finished()) this.#requestState();
	}

	/** Applies a new value of the `snapshot` trait as if it were a snapshot message. */
	fromTrait(snapshot: Snapshot | undefined | null): void {
		if (snapshot?.state && typeof snapshot.seq === "number") {
			this.#snapshot(snapshot.seq, snapshot.state);
		}
	}

	/** Applies a snapshot or a delta message from Python. A heartbeat has the number of the last
	 *  delta message: if that is missing here, asks for the state. */
	receive(message: FromPython): void {
		if (message?.t === "snap") this.#snapshot(message.seq, message.state);
		else if (message?.t === "d") this.#delta(message.seq, message.ops);
		// While the model is silent, only a heartbeat shows that a message was lost.
		else if (
			message?.t === "beat" &&
			typeof message.seq === "number" &&
			message.seq > this.#latest
		) {
			this.#latest = message.seq;
			this.#applyPending();
		}
	}

	/** Stops asking for the state. */
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

	/** Removes and returns the delta that follows the last one applied, if it has arrived. */
	#next(): Op[] | undefined {
		const ops = this.#pending.get(this.have + 1);
		if (!ops) return undefined;
		this.have++;
		this.#pending.delete(this.have);
		return ops;
	}

	/**
	 * Asks Python for the whole state, and again every `RETRY_MS`: a message sent before the
	 * comm has its own channel into the kernel (a subshell) is not read until the cell ends.
	 */
	#requestState(): void {
		if (this.#stopRequests) return;
		const sync = () => this.#send({ t: "sync", have: this.have });
		this.#stopRequests = this.#every(RETRY_MS, sync);
		sync();
	}
}
