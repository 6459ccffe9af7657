/**
 * Holds the state of one widget in the browser, and calls listeners when it changes.
 *
 * It connects the bridge, the answer, the Stop button and the kernel watch to the anywidget
 * model. After the end it has the final answer written into outputs that Python did not reach.
 * It has no DOM: any number of views read the same store.
 */

import { type Answer, apply, isLive, markFound, markLost, newAnswer, replace } from "./answer";
import type { Listener, Model } from "./anywidget";
import { Bridge, type Every } from "./bridge";
import { withBuffers } from "./buffers";
import { KERNEL_ENDED, KERNEL_SILENT, KernelWatch } from "./kernel";
import { answerText } from "./message";
import { keepText, unfinishedOutputs } from "./notebook-outputs";
import { connect, disconnect, loadApproval, receiveFile } from "./page-files";
import type { Channel } from "./requests";
import { Stop } from "./stop";
import type { ToPython } from "./wire-messages";
import type { Failure } from "./wire-values";

/** Milliseconds to wait after the end, so that Python's last update reaches the outputs. */
export const UPDATED_MS = 1_000;

const every: Every = (ms, tick) => {
	const timer = setInterval(tick, ms);
	return () => clearInterval(timer);
};

/** The state of one widget, which all its views read. */
export class Store {
	readonly answer: Answer = newAnswer(performance.now());
	readonly stop: Stop;
	readonly #channel: Channel;
	readonly #model: Model;
	readonly #bridge: Bridge;
	readonly #watch: KernelWatch;
	#receivedAt = performance.now();
	#swapAnnounced = false;
	#completing: ReturnType<typeof setTimeout> | undefined;
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
		this.stop = new Stop(model, this.#send, this.answer, () => this.#notify());
		this.#channel = { send: this.#send, replies: new Map(), open: 0 };
		this.#watch = new KernelWatch(model, {
			ended: () => this.#markLost(KERNEL_ENDED, performance.now()),
			reconnecting: (now) => {
				this.answer.reconnecting = now;
				this.#notify();
			},
			silent: () => this.#markLost(KERNEL_SILENT, this.#receivedAt),
			ask: () => {
				if (isLive(this.answer.status)) this.#send({ t: "sync", have: this.#bridge.have });
			},
		});
	}

	/** Starts to listen, applies early messages, and asks for missing ones. */
	open(early: Parameters<Listener>[] = []): void {
		this.#model.on("msg:custom", this.#receive);
		this.#model.on("change:snapshot", this.#restore);
		connect(this.#model);
		this.#bridge.start(this.#model.get("snapshot"));
		for (const message of early) this.#receive(...message);
		if (isLive(this.answer.status)) this.#watch.open();
		this.completeOutputs();
		this.#notify(); // the trait's state may have requests
	}

	/** Stops listening to Python and forgets all listeners. */
	close(): void {
		this.#model.off("msg:custom", this.#receive);
		this.#model.off("change:snapshot", this.#restore);
		disconnect(this.#model);
		this.#bridge.close();
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

	/** Tells Python, once, that it may put static HTML into the output now (static-swap.ts). */
	announceSwap(): void {
		if (this.#swapAnnounced || !isLive(this.answer.status)) return;
		this.#swapAnnounced = true;
		this.#send({ t: "page_swaps" });
	}

	/** After the end, completes outputs that Python did not reach (notebook-outputs.ts). */
	completeOutputs(): void {
		if (isLive(this.answer.status)) return;
		this.#completing ??= setTimeout(() => {
			this.#completing = undefined;
			if (unfinishedOutputs(this.#model).length) this.#send({ t: "output" });
		}, UPDATED_MS);
	}

	/** Handles a message from Python: code, the data for unfinished outputs, or one for the bridge. */
	#receive: Listener = (message, buffers) => {
		if (message?.t === "code") {
			receiveFile(message);
			return;
		}
		if (message?.t === "reply") {
			this.#channel.replies.get(message.n ?? "")?.(message);
			return;
		}
		if (message?.t === "output") {
			for (const write of unfinishedOutputs(this.#model)) write(message.data);
			return;
		}
		this.#handle(() => this.#bridge.receive(withBuffers(message, buffers)));
	};

	/** Handles a new value of the `snapshot` trait. */
	#restore = (): void => {
		this.#handle(() => this.#bridge.fromTrait(this.#model.get("snapshot")));
	};

	/** Applies a message or a snapshot, then updates the kernel watch. The listeners are called only if
	 *  the answer has changed, since the waiting line counts from their last call: not at a heartbeat. */
	#handle(applyMessage: () => void): void {
		this.#receivedAt = performance.now();
		this.#watch.received();
		const isFound = markFound(this.answer);
		const { have } = this.#bridge;
		applyMessage();
		if (!isLive(this.answer.status)) this.#watch.close();
		this.completeOutputs();
		if (isFound || this.#bridge.have !== have) this.#notify();
	}

	#send = (message: ToPython): void => {
		try {
			this.#model.send(message);
		} catch {
			this.#markLost(KERNEL_ENDED, performance.now());
		}
	};

	#markLost(why: Failure, receivedAt: number): void {
		const { status, lost, error } = this.answer;
		// A silent kernel may turn out to have ended.
		const isNews = lost ? why === KERNEL_ENDED && error !== why : isLive(status);
		if (!isNews) return;
		markLost(this.answer, why, receivedAt, performance.now());
		this.#bridge.close();
		this.stop.forget();
		this.#notify();
		// In a later task, because it redraws the output: first all other listeners of the kernel's end
		// are called.
		if (why === KERNEL_ENDED) setTimeout(() => keepText(this.#model, answerText(this.answer)));
	}

	#notify(): void {
		const tell = () => {
			for (const listener of this.#listeners) listener();
		};
		if (this.answer.requests.length || this.#channel.open)
			loadApproval((file) => {
				file.updateRequests(this.#channel, this.answer);
				tell();
			});
		tell();
	}
}
