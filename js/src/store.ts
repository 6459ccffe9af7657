/**
 * One widget model's answer, and who wants to know when it changes.
 *
 * Knows the anywidget model and joins bridge and fold to it. Refuses to know
 * the DOM: any number of views read the same store and paint at their own pace.
 */

import { Bridge, type Every } from "./bridge";
import { withBytes } from "./bytes";
import type { Listener, Model } from "./host";
import { type Answer, apply, blank, isLive, replace } from "./message";
import { Stop } from "./stop";

const every: Every = (ms, tick) => {
	const timer = setInterval(tick, ms);
	return () => clearInterval(timer);
};

export class Store {
	readonly answer: Answer = blank(performance.now());
	readonly stop: Stop;
	readonly #model: Model;
	readonly #bridge: Bridge;
	readonly #listeners = new Set<() => void>();

	constructor(model: Model) {
		this.#model = model;
		this.#bridge = new Bridge(
			{
				apply: (op) => apply(this.answer, op, performance.now()),
				replace: (state) => replace(this.answer, state, performance.now()),
				finished: () => !isLive(this.answer.status),
			},
			(message) => model.send(message),
			every,
		);
		this.stop = new Stop(model, this.answer, () => this.#tell());
	}

	/** Listen, take what came early, and ask for what is missing. */
	open(early: Parameters<Listener>[] = []): void {
		this.#model.on("msg:custom", this.#receive);
		this.#model.on("change:snapshot", this.#restore);
		this.#bridge.start(this.#model.get("snapshot"));
		for (const [message, buffers] of early) this.#bridge.receive(withBytes(message, buffers));
	}

	close(): void {
		this.#model.off("msg:custom", this.#receive);
		this.#model.off("change:snapshot", this.#restore);
		this.#bridge.close();
		this.stop.close();
		this.#listeners.clear();
	}

	/** Be told after every change, until the signal aborts. */
	watch(listener: () => void, signal: AbortSignal): void {
		this.#listeners.add(listener);
		signal.addEventListener("abort", () => this.#listeners.delete(listener));
	}

	#receive: Listener = (message, buffers) => {
		this.#bridge.receive(withBytes(message, buffers));
		this.#tell();
	};

	#restore = (): void => {
		this.#bridge.restored(this.#model.get("snapshot"));
		this.#tell();
	};

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}
}
