/**
 * One widget model's answer, and who wants to know when it changes.
 *
 * Knows the anywidget model and joins bridge, fold and watch to it. Refuses to know
 * the DOM: any number of views read the same store and paint at their own pace.
 */

import { type Answer, apply, blank, find, isLive, lose, replace } from "./answer";
import type { Listener, Model } from "./anywidget";
import { Bridge, type Every } from "./bridge";
import { withBytes } from "./buffers";
import type { Failure, ToPython } from "./events";
import { KERNEL_ENDED, KERNEL_SILENT, KernelWatch } from "./kernel";
import { unfinishedOutputs } from "./notebook-outputs";
import { Stop } from "./stop";

/** In which the last update comes to the outputs that it reaches. */
export const UPDATED_MS = 1_000;

const every: Every = (ms, tick) => {
	const timer = setInterval(tick, ms);
	return () => clearInterval(timer);
};

export class Store {
	readonly answer: Answer = blank(performance.now());
	readonly stop: Stop;
	readonly #model: Model;
	readonly #bridge: Bridge;
	readonly #watch: KernelWatch;
	#heardAt = performance.now();
	#toldPlaces = false;
	#keeping: ReturnType<typeof setTimeout> | undefined;
	readonly #listeners = new Set<() => void>();

	constructor(model: Model) {
		this.#model = model;
		this.#bridge = new Bridge(
			{
				apply: (op) => apply(this.answer, op, performance.now()),
				replace: (state) => replace(this.answer, state, performance.now()),
				finished: () => !isLive(this.answer.status),
			},
			this.#send,
			every,
		);
		this.stop = new Stop(model, this.#send, this.answer, () => this.#tell());
		this.#watch = new KernelWatch(model, {
			ended: () => this.#lose(KERNEL_ENDED, performance.now()),
			silent: () => this.#lose(KERNEL_SILENT, this.#heardAt),
			ask: () => {
				if (isLive(this.answer.status)) this.#send({ t: "sync", have: this.#bridge.have });
			},
		});
	}

	/** Listen, take what came early, and ask for what is missing. */
	open(early: Parameters<Listener>[] = []): void {
		this.#model.on("msg:custom", this.#receive);
		this.#model.on("change:snapshot", this.#restore);
		this.#bridge.start(this.#model.get("snapshot"));
		for (const message of early) this.#receive(...message);
		if (isLive(this.answer.status)) this.#watch.open();
		this.keep();
	}

	close(): void {
		this.#model.off("msg:custom", this.#receive);
		this.#model.off("change:snapshot", this.#restore);
		this.#bridge.close();
		this.#watch.close();
		this.stop.close();
		clearTimeout(this.#keeping);
		this.#listeners.clear();
	}

	/** Be told after every change, until the signal aborts. */
	watch(listener: () => void, signal: AbortSignal): void {
		this.#listeners.add(listener);
		signal.addEventListener("abort", () => this.#listeners.delete(listener));
	}

	/** Let Python know, once, that it may already put HTML into the output (static-swap.ts). */
	tellPlaces(): void {
		if (this.#toldPlaces || !isLive(this.answer.status)) return;
		this.#toldPlaces = true;
		this.#send({ t: "page_swaps" });
	}

	/** Let the notebook have the whole answer, if it has ended, wherever it stands by now. */
	keep(): void {
		if (isLive(this.answer.status)) return;
		this.#keeping ??= setTimeout(() => {
			this.#keeping = undefined;
			if (unfinishedOutputs(this.#model).length) this.#send({ t: "output" });
		}, UPDATED_MS);
	}

	#receive: Listener = (message, buffers) => {
		if (message?.t === "output") {
			for (const write of unfinishedOutputs(this.#model)) write(message.data);
			return;
		}
		this.#hear(() => this.#bridge.receive(withBytes(message, buffers)));
	};

	#restore = (): void => {
		this.#hear(() => this.#bridge.fromTrait(this.#model.get("snapshot")));
	};

	#hear(take: () => void): void {
		this.#heardAt = performance.now();
		this.#watch.heard();
		find(this.answer);
		take();
		if (!isLive(this.answer.status)) this.#watch.close();
		this.keep();
		this.#tell();
	}

	#send = (message: ToPython): void => {
		try {
			this.#model.send(message);
		} catch {
			this.#lose(KERNEL_ENDED, performance.now());
		}
	};

	#lose(why: Failure, heardAt: number): void {
		if (!isLive(this.answer.status)) return;
		lose(this.answer, why, heardAt, performance.now());
		this.#bridge.close();
		this.stop.forget();
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}
}
