/**
 * A kernel that is a list: what was asked of it, and a way to speak for it.
 *
 * Knows the anywidget model's face. Refuses to know the front end under test.
 */

import type { vi } from "vitest";
import type { FromPython, Op, Snapshot, Status, WirePart, WireState } from "../src/events";
import type { Listener, Model, Traits } from "../src/host";

export class FakeModel implements Model {
	readonly sent: unknown[] = [];
	readonly traits: Traits;
	#listeners: [string, Listener][] = [];

	constructor(traits: Partial<Traits> = {}) {
		this.traits = {
			key: "a",
			snapshot: { seq: 0, state: state("waiting") },
			stop_by: "comm",
			kernel_id: "",
			...traits,
		};
	}
	get<K extends keyof Traits>(name: K): Traits[K] {
		return this.traits[name];
	}
	send(content: unknown): void {
		this.sent.push(content);
	}
	on(name: string, listener: Listener): void {
		this.#listeners.push([name, listener]);
	}
	off(name: string, listener: Listener): void {
		this.#listeners = this.#listeners.filter(([n, l]) => n !== name || l !== listener);
	}
	get listening(): number {
		return this.#listeners.length;
	}
	/** A custom message from Python, whatever it holds. */
	say(message: unknown, buffers?: DataView[]): void {
		this.#fire("msg:custom", message as FromPython, buffers);
	}
	delta(seq: number, ...ops: unknown[]): void {
		this.say({ t: "d", seq, ops });
	}
	/** The synced trait changes. */
	sync(snapshot: Snapshot): void {
		this.traits.snapshot = snapshot;
		this.#fire("change:snapshot", undefined as never);
	}
	#fire(name: string, message: FromPython, buffers?: DataView[]): void {
		for (const [n, listener] of [...this.#listeners]) if (n === name) listener(message, buffers);
	}
}

/** What of time is held still; promises go on by themselves. */
export const CLOCK: NonNullable<Parameters<typeof vi.useFakeTimers>[0]> = {
	toFake: [
		"setTimeout",
		"clearTimeout",
		"setInterval",
		"clearInterval",
		"requestAnimationFrame",
		"cancelAnimationFrame",
		"performance",
	],
};

export function state(status: Status, ...parts: WirePart[]): WireState {
	const message = { role: "assistant", parts, usage: null, finish_reason: null };
	return { v: 1, status, model: "local/tiny", elapsed: 1.5, message, error: null };
}

export const text = (words: string): WirePart => ({ kind: "text", text: words });

export const start = (index = 0): Op => ({ kind: "text_start", index });

export const delta = (chunk: string, index = 0): Op => ({ kind: "text_delta", index, chunk });

export const status = (name: Status, more: object = {}): Op => ({
	kind: "status",
	status: name,
	elapsed: 2,
	error: null,
	...more,
});
