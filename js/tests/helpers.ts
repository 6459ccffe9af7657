/**
 * Stand-ins for the widget model and the kernel, and short forms of wire messages.
 */

import type { vi } from "vitest";
import type { Kernel, Listener, Manager, Model, Traits } from "../src/anywidget";
import type { FromPython } from "../src/wire-messages";
import type { Op } from "../src/wire-ops";
import type { Snapshot, WirePart, WireState } from "../src/wire-state";
import type { Status } from "../src/wire-values";

export class FakeModel implements Model {
	readonly sent: unknown[] = [];
	readonly traits: Traits;
	widget_manager?: Manager;
	/** What `send` throws; null while the kernel is there. */
	refuses: Error | null = null;
	#listeners: [string, Listener][] = [];

	constructor(traits: Partial<Traits> = {}) {
		this.traits = {
			widget_id: "a",
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
		if (this.refuses) throw this.refuses;
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
	/** Delivers a custom message from Python. */
	say(message: unknown, buffers?: DataView[]): void {
		this.#fire("msg:custom", message as FromPython, buffers);
	}
	delta(seq: number, ...ops: unknown[]): void {
		this.say({ t: "d", seq, ops });
	}
	/** Changes the synced `snapshot` trait. */
	sync(snapshot: Snapshot): void {
		this.traits.snapshot = snapshot;
		this.#fire("change:snapshot", undefined as never);
	}
	/** The host reports whether the comm is alive. */
	commLive(live: boolean): void {
		this.widget_manager = { ...this.widget_manager, get_model: async () => ({ comm_live: live }) };
		this.#fire("comm_live_update", undefined as never);
	}
	#fire(name: string, message: FromPython, buffers?: DataView[]): void {
		for (const [n, listener] of [...this.#listeners]) if (n === name) listener(message, buffers);
	}
}

type Slot = (sender: unknown, value: string) => void;

/** A Lumino signal, as far as it is used. */
export class FakeSignal {
	readonly slots = new Set<Slot>();
	connect(slot: Slot): void {
		this.slots.add(slot);
	}
	disconnect(slot: Slot): void {
		this.slots.delete(slot);
	}
	emit(value = ""): void {
		for (const slot of [...this.slots]) slot(this, value);
	}
}

/** A kernel as JupyterLab shows it to a widget. */
export class FakeKernel implements Kernel {
	status = "busy";
	connectionStatus = "connected";
	readonly statusChanged = new FakeSignal();
	readonly connectionStatusChanged = new FakeSignal();
	readonly disposed = new FakeSignal();
	/** Changes the status and emits the signal. */
	becomes(status: string): void {
		this.status = status;
		this.statusChanged.emit(status);
	}
	/** Changes the status of the connection and emits the signal. */
	connects(status: string): void {
		this.connectionStatus = status;
		this.connectionStatusChanged.emit(status);
	}
	get watched(): number {
		const signals = [this.statusChanged, this.connectionStatusChanged, this.disposed];
		return signals.reduce((sum, signal) => sum + signal.slots.size, 0);
	}
}

/** The timers that tests fake. Promises stay real. */
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
	return { v: 2, status, model: "local/tiny", elapsed: 1.5, messages: [message], error: null };
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

/** Sets up the page of a Jupyter server, or of another host. */
export function jupyter(baseUrl: string): void {
	const config = document.createElement("script");
	config.type = "application/json";
	config.id = "jupyter-config-data";
	config.textContent = JSON.stringify({ baseUrl });
	document.body.append(config);
}
