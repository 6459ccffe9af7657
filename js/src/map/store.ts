/**
 * Holds the state of one map in the page: applies Python's messages, asks for what is missing, and
 * sends what the user does. It has no DOM; any number of views read it.
 */

import type { Listener, Model } from "../anywidget";
import { KernelWatch } from "../kernel";
import { unfinishedOutputs } from "../notebook-outputs";
import { Stop, type Stoppable } from "../stop";
import type { FromMap, MapSnapshot, Opened } from "../wire-map";
import { MapState } from "./state";

const ASK_MS = 500;
const UPDATED_MS = 1_000;
const LOST =
	"The kernel ended before the map did. What is recorded in a cassette is not sent again.";

export class MapStore {
	readonly state = new MapState();
	readonly model: Model;
	readonly stop: Stop;
	/** The prompt whose answer is open; null for none. */
	open: number | null = null;
	opened: Opened | null = null;
	/** Why nothing more comes from the kernel. */
	lost = "";
	readonly #reported: Stoppable = { status: "streaming", statusReports: 0 };
	readonly #watch: KernelWatch;
	readonly #listeners = new Set<() => void>();
	readonly #timer: ReturnType<typeof setInterval>;
	#completing: ReturnType<typeof setTimeout> | undefined;
	#swapAnnounced = false;

	constructor(model: Model) {
		this.model = model;
		this.stop = new Stop(model, this.send, this.#reported, () => this.#notify());
		const lose = (why: string) => {
			this.lost = this.state.live ? why : "";
			this.#notify();
		};
		this.#watch = new KernelWatch(model, {
			ended: () => lose(LOST),
			silent: () => lose("The kernel does not respond."),
			reconnecting: () => {},
			ask: () => this.#ask(),
		});
		this.#timer = setInterval(() => this.state.seq < 0 && this.#ask(), ASK_MS);
	}

	/** Starts to listen, and applies early messages. */
	start(early: Parameters<Listener>[] = []): void {
		this.model.on("msg:custom", this.#receive);
		const snapshot = this.model.get("snapshot") as unknown as { seq?: number; state?: MapSnapshot };
		if (snapshot?.state) this.state.replace(snapshot.seq ?? 0, snapshot.state);
		for (const message of early) this.#receive(...message);
		this.#ask();
		this.#watch.open();
		this.#changed();
	}

	/** Stops listening. */
	close(): void {
		clearInterval(this.#timer);
		this.model.off("msg:custom", this.#receive);
		this.#watch.close();
		this.stop.close();
		clearTimeout(this.#completing);
		this.#listeners.clear();
	}

	/** Calls `listener` after every change, until the signal aborts. */
	watch(listener: () => void, signal: AbortSignal): void {
		this.#listeners.add(listener);
		signal.addEventListener("abort", () => this.#listeners.delete(listener));
	}

	/** Opens the answer of one prompt, or closes the open one. */
	show(at: number | null): void {
		this.open = at === this.open ? null : at;
		this.opened = null;
		if (this.open !== null) this.send({ t: "open", at: this.open });
		this.#notify();
	}

	/** Tells Python, once, that it may put static HTML into the output now (static-swap.ts). */
	announceSwap(): void {
		if (this.#swapAnnounced || !this.state.live) return;
		this.#swapAnnounced = true;
		this.send({ t: "page_swaps" });
	}

	send = (message: object): void => {
		try {
			this.model.send(message);
		} catch {
			if (this.state.live) this.lost = LOST;
			this.#notify();
		}
	};

	#ask(): void {
		if (this.state.live) this.send({ t: "sync", have: this.state.seq });
	}

	#receive: Listener = (raw) => {
		const message = raw as unknown as FromMap;
		this.#watch.received();
		this.lost = "";
		if (message.t === "map") {
			if (!this.state.apply(message.seq, message.state)) this.#ask();
		} else if (message.t === "snap") this.state.replace(message.seq, message.state);
		else if (message.t === "opened") {
			if (message.at === this.open) this.opened = message;
		} else if (message.t === "output") {
			for (const write of unfinishedOutputs(this.model)) write(message.data);
		} else if (message.t === "stopping") this.#reported.statusReports++;
		else if (message.t === "beat" && (message.seq ?? 0) > this.state.seq) this.#ask();
		this.#changed();
	};

	#changed(): void {
		this.#reported.status = this.state.totals?.status ?? "streaming";
		if (!this.state.live) {
			this.#watch.close();
			this.completeOutputs();
		}
		this.#notify();
	}

	/** After the end, has outputs completed that Python did not reach. */
	completeOutputs(): void {
		if (this.state.live) return;
		this.#completing ??= setTimeout(() => {
			this.#completing = undefined;
			if (unfinishedOutputs(this.model).length) this.send({ t: "output" });
		}, UPDATED_MS);
	}

	#notify(): void {
		for (const listener of this.#listeners) listener();
	}
}
