/**
 * Stopping: the button, and the two ways it reaches the model's stream.
 *
 * Knows the comm message and the Jupyter server's interrupt endpoint. Refuses
 * to know how an answer ends: that is told by the status like everything else.
 *
 * A comm message ends the stream and lets the cell succeed, so it goes first.
 * Where the kernel cannot hear it while the cell blocks, the server's interrupt
 * is the only way left. Python leaves `kernel_id` empty when an interrupt would
 * hit some other cell, and then there is no second way.
 */

import { type Answer, isLive } from "./answer";
import type { Model } from "./anywidget";
import type { ToPython } from "./events";
import { Press } from "./press";

// What is said before the notebook has made a subshell for the comm waits in the
// kernel's main shell until the cell ends; so it is said more than once.
const AGAIN_MS = 150;
const TIMES = 3;

/** How long the kernel may be silent before it counts as deaf. */
export const DEAF_MS = AGAIN_MS * TIMES;

/** One model's request to stop. It outlives every view, and all views share it. */
export class Stop {
	/** Pressed, and not over yet. */
	pressed = false;
	/** What the buttons of all views report their presses to. */
	readonly presses = new Press(() => this.press());
	readonly #model: Model;
	readonly #send: (message: ToPython) => void;
	readonly #answer: Answer;
	readonly #changed: () => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#state: "idle" | "asking" | "closed" = "idle";

	constructor(
		model: Model,
		send: (message: ToPython) => void,
		answer: Answer,
		changed: () => void,
	) {
		this.#model = model;
		this.#send = send;
		this.#answer = answer;
		this.#changed = changed;
	}

	/** What the button will do, for its tooltip. */
	get tooltip(): string {
		return this.#direct
			? "Stop by interrupting the kernel: the cell ends with KeyboardInterrupt"
			: "Stop by a message to the kernel: the cell keeps what came so far";
	}

	/** Ask for the end. While a request is under way, another press changes nothing. */
	press(): void {
		if (this.#state !== "idle" || !isLive(this.#answer.status)) return;
		this.pressed = true;
		this.#state = "asking";
		this.#changed();
		if (this.#direct) void this.#interrupt();
		else this.#ask(this.#answer.statusReports, TIMES);
	}

	#ask(reports: number, times: number): void {
		if (this.#answer.statusReports > reports || !isLive(this.#answer.status)) this.#asked();
		else if (times === 0) void this.#interrupt();
		else {
			// Before the message: sending may find out that there is nothing to stop.
			this.#timer = setTimeout(() => this.#ask(reports, times - 1), AGAIN_MS);
			this.#send({ t: "stop" });
		}
	}

	/** The request is through: from here on a press is a new one. */
	#asked(): void {
		if (this.#state === "asking") this.#state = "idle";
	}

	/** The model goes: a press that ends later asks for nothing. */
	close(): void {
		clearTimeout(this.#timer);
		this.#state = "closed";
	}

	/** There is nothing to stop: the kernel did not hear the press. */
	forget(): void {
		clearTimeout(this.#timer);
		this.#asked();
		this.pressed = false;
	}

	get #direct(): boolean {
		return this.#model.get("stop_by") === "interrupt" && this.#endpoint() !== null;
	}

	/** Where this page's own Jupyter server interrupts the kernel, if it is one. */
	#endpoint(): string | null {
		const kernel = this.#model.get("kernel_id");
		const config = document.getElementById("jupyter-config-data")?.textContent;
		if (!kernel || !config) return null;
		try {
			const { baseUrl } = JSON.parse(config) as { baseUrl?: unknown };
			if (typeof baseUrl !== "string") return null;
			const slash = baseUrl.endsWith("/") ? "" : "/";
			return `${baseUrl}${slash}api/kernels/${encodeURIComponent(kernel)}/interrupt`;
		} catch {
			return null;
		}
	}

	async #interrupt(): Promise<void> {
		const url = this.#endpoint();
		if (!url) return this.#asked();
		const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
		const headers = { "X-XSRFToken": decodeURIComponent(token) };
		const answer = await fetch(url, { method: "POST", headers }).catch(() => null);
		this.#asked();
		if (answer?.ok) return;
		// Let it be pressed again: the notebook's own interrupt button still works.
		this.pressed = false;
		this.#changed();
	}
}

/** The button itself; `paint` is called with every change. */
export function stopButton(stop: Stop): { el: HTMLButtonElement; paint(live: boolean): void } {
	const el = document.createElement("button");
	el.type = "button";
	el.className = "nbstream-stop";
	// JupyterLab would take Enter on the button for "edit this cell".
	el.dataset.lmSuppressShortcuts = "true";
	const label = document.createElement("span");
	label.textContent = "Stop";
	el.append(label);
	stop.presses.listen(el);
	return {
		el,
		paint(live) {
			el.hidden = !live;
			const words = stop.pressed ? "Stopping…" : "Stop";
			if (label.textContent !== words) label.textContent = words;
			if (el.title !== stop.tooltip) el.title = stop.tooltip;
		},
	};
}
