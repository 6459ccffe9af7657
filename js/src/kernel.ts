/**
 * Whether the kernel that fills a widget is still there.
 *
 * Knows three signs: the kernel's status, which JupyterLab and Notebook tell; whether
 * the comm lives, which any manager of ipywidgets tells; and silence, since Python
 * says something every few seconds (`widget.py`). Refuses to know what is lost with it.
 *
 * Only the first two are certain. Silence is what is left where a host tells nothing,
 * and what is said after it takes the verdict back.
 */

import type { Model } from "./anywidget";
import type { Failure } from "./events";

export const ENDED: Failure = {
	title: "The kernel ended before the answer did.",
	text: "What had come is kept on this page; Python no longer has it.",
	remedy: "Run the cell again.",
};

export const SILENT: Failure = {
	title: "The kernel has fallen silent.",
	text: "It has ended, or this page has lost it. Should it speak again, the answer goes on here.",
	remedy: "Reload the page; if that does not help, run the cell again.",
};

/** "starting" is said by a new process in the old one's place. */
const GONE = new Set(["restarting", "autorestarting", "starting", "dead"]);

// Silence is counted in ticks, not by the clock: a page that slept has missed nothing.
const TICK_MS = 5000;
const ASK_AT = 4;
const SILENT_AT = 6;

/** How long nothing may come from a kernel that was heard before. */
export const SILENT_MS = TICK_MS * SILENT_AT;

export interface Told {
	ended(): void;
	silent(): void;
	/** Say something to which an answer must come. */
	ask(): void;
}

export class KernelWatch {
	readonly #model: Model;
	readonly #told: Told;
	readonly #end = new AbortController();
	/** Since it was last heard. A kernel never heard may be busy with another cell. */
	#ticks: number | null = null;

	constructor(model: Model, told: Told) {
		this.#model = model;
		this.#told = told;
	}

	open(): void {
		const { signal } = this.#end;
		const kernel = tried(() => this.#model.widget_manager?.kernel);
		const status = (_: unknown, now: string) => {
			if (GONE.has(now)) this.#told.ended();
		};
		const disposed = () => this.#told.ended();
		const look = () => void this.#look();
		tried(() => kernel?.statusChanged?.connect(status));
		tried(() => kernel?.disposed?.connect(disposed));
		this.#model.on("comm_live_update", look);
		const timer = setInterval(() => this.#tick(), TICK_MS);
		signal.addEventListener("abort", () => {
			clearInterval(timer);
			this.#model.off("comm_live_update", look);
			tried(() => kernel?.statusChanged?.disconnect(status));
			tried(() => kernel?.disposed?.disconnect(disposed));
		});
		look();
	}

	/** The kernel said something. */
	heard(): void {
		this.#ticks = 0;
	}

	close(): void {
		this.#end.abort();
	}

	async #look(): Promise<void> {
		const id = this.#model.get("key");
		const own = await tried(() => this.#model.widget_manager?.get_model?.(id))?.catch(() => null);
		if (own?.comm_live === false && !this.#end.signal.aborted) this.#told.ended();
	}

	#tick(): void {
		if (this.#ticks === null) return;
		this.#ticks++;
		if (this.#ticks === ASK_AT) this.#told.ask();
		// Python's threads do not get a word in edgeways beside code that holds the GIL.
		if (this.#ticks >= SILENT_AT && !this.#busy()) this.#told.silent();
	}

	#busy(): boolean {
		const kernel = tried(() => this.#model.widget_manager?.kernel);
		const connection = tried(() => kernel?.connectionStatus) ?? "connected";
		return tried(() => kernel?.status) === "busy" && connection === "connected";
	}
}

/** What a host does not have, or has only to throw: either is nothing to us. */
function tried<T>(look: () => T): T | undefined {
	try {
		return look();
	} catch {
		return undefined;
	}
}
