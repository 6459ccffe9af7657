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

import type { Model } from "./anywidget";
import type { ToPython } from "./events";
import { type Answer, isLive } from "./message";

// What is said before the notebook has made a subshell for the comm waits in the
// kernel's main shell until the cell ends; so it is said more than once.
const AGAIN_MS = 150;
const TIMES = 3;

/** How long the kernel may be silent before it counts as deaf. */
export const DEAF_MS = AGAIN_MS * TIMES;

export class Stop {
	/** Pressed, and not over yet. */
	pressed = false;
	readonly #model: Model;
	readonly #send: (message: ToPython) => void;
	readonly #answer: Answer;
	readonly #changed: () => void;
	#timer: ReturnType<typeof setTimeout> | undefined;

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

	press(): void {
		this.pressed = true;
		this.#changed();
		if (this.#direct) return void this.#interrupt();
		clearTimeout(this.#timer);
		this.#ask(this.#answer.statusReports, TIMES);
	}

	#ask(reports: number, times: number): void {
		if (this.#answer.statusReports > reports || !isLive(this.#answer.status)) return;
		if (times === 0) return void this.#interrupt();
		this.#send({ t: "stop" });
		this.#timer = setTimeout(() => this.#ask(reports, times - 1), AGAIN_MS);
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	/** There is nothing to stop: what was pressed was not heard. */
	forget(): void {
		this.close();
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
		if (!url) return;
		const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
		const headers = { "X-XSRFToken": decodeURIComponent(token) };
		const answer = await fetch(url, { method: "POST", headers }).catch(() => null);
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
	el.addEventListener("click", () => stop.press());
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
