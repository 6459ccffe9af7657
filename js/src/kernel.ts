/**
 * Detects, in the browser, that the kernel of a widget has ended or no longer answers.
 *
 * There are three signs. JupyterLab and Notebook report the status of the kernel and of the
 * connection to it. A widget manager of ipywidgets knows whether the comm is alive. And silence:
 * Python sends a heartbeat every few seconds (`live_widget.py`). The first two are certain. Silence
 * counts on every host, unless it reports that the kernel is busy and connected; any later
 * message shows that the kernel is alive.
 */

import type { Model } from "./anywidget";
import type { Failure } from "./wire-values";

/** The error that a view shows when the kernel has ended. */
export const KERNEL_ENDED: Failure = {
	title: "The kernel ended before the answer did.",
	text: "What arrived stays on this page; Python has lost it.",
	remedy: "Run the cell again.",
};

/** The error that a view shows when the kernel has sent nothing for `SILENT_MS`. */
export const KERNEL_SILENT: Failure = {
	title: "The kernel does not respond.",
	text: "It has ended, or the connection is lost. If it returns, the answer goes on here.",
	remedy: "Reload the page, or run the cell again.",
};

/** "starting" comes from a new process that replaces the old one. */
const GONE = new Set(["restarting", "autorestarting", "starting", "dead"]);

// Silence is counted in timer ticks: while a page sleeps, its timers do not run.
const TICK_MS = 5000;
const ASK_AT = 4;
const SILENT_AT = 6;

/** Milliseconds without a message after which a kernel counts as silent. */
export const SILENT_MS = TICK_MS * SILENT_AT;

/** What the watch calls when it detects something. */
export interface KernelListener {
	ended(): void;
	/** The kernel may be alive, but this page does not hear of it. */
	silent(): void;
	/** Whether the host is trying to connect to the kernel again. */
	reconnecting(now: boolean): void;
	/** Send a message that Python must answer. */
	ask(): void;
}

/** Watches the kernel of one widget, between `open` and `close`. */
export class KernelWatch {
	readonly #model: Model;
	readonly #listener: KernelListener;
	readonly #end = new AbortController();
	/**
	 * Ticks since the last message; null before the first, as the kernel may be busy with
	 * another cell.
	 */
	#ticks: number | null = null;

	constructor(model: Model, listener: KernelListener) {
		this.#model = model;
		this.#listener = listener;
	}

	open(): void {
		const { signal } = this.#end;
		const kernel = attempt(() => this.#model.widget_manager?.kernel);
		const status = (_: unknown, now: string) => {
			if (GONE.has(now)) this.#listener.ended();
		};
		const connection = (_: unknown, now: string) => {
			this.#listener.reconnecting(now === "connecting");
			if (now === "disconnected") this.#listener.silent();
		};
		// A notebook that is closed leaves its kernel running: another may show the same answer.
		const disposed = () => {
			const closed = attempt(() => this.#model.widget_manager?.context?.isDisposed);
			if (closed) this.#listener.silent();
			else this.#listener.ended();
		};
		const check = () => void this.#check();
		attempt(() => kernel?.statusChanged?.connect(status));
		attempt(() => kernel?.connectionStatusChanged?.connect(connection));
		attempt(() => kernel?.disposed?.connect(disposed));
		this.#model.on("comm_live_update", check);
		const timer = setInterval(() => this.#tick(), TICK_MS);
		signal.addEventListener("abort", () => {
			clearInterval(timer);
			this.#model.off("comm_live_update", check);
			attempt(() => kernel?.statusChanged?.disconnect(status));
			attempt(() => kernel?.connectionStatusChanged?.disconnect(connection));
			attempt(() => kernel?.disposed?.disconnect(disposed));
		});
		check();
	}

	/** A message from the kernel arrived. */
	received(): void {
		this.#ticks = 0;
	}

	close(): void {
		this.#end.abort();
	}

	async #check(): Promise<void> {
		const id = this.#model.get("widget_id");
		const model = await attempt(() => this.#model.widget_manager?.get_model?.(id))?.catch(
			() => null,
		);
		if (model?.comm_live === false && !this.#end.signal.aborted) this.#listener.ended();
	}

	/** Counts the time of silence: first asks for a message, later reports the silence. */
	#tick(): void {
		if (this.#ticks === null) return;
		this.#ticks++;
		if (this.#ticks === ASK_AT) this.#listener.ask();
		// A busy kernel may run code that holds the GIL: then no other thread can send.
		if (this.#ticks >= SILENT_AT && !this.#busy()) this.#listener.silent();
	}

	/** Whether the host reports that the kernel is busy and connected. */
	#busy(): boolean {
		const kernel = attempt(() => this.#model.widget_manager?.kernel);
		const connection = attempt(() => kernel?.connectionStatus) ?? "connected";
		return attempt(() => kernel?.status) === "busy" && connection === "connected";
	}
}

/** Hosts lack some of these members or throw when they are read: both give undefined. */
export function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
