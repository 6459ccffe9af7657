/**
 * The Stop button, and the request to Python or to the Jupyter server that stops an answer.
 *
 * A comm message ends the stream and lets the cell succeed, so it is tried first. If the
 * kernel cannot receive it while the cell blocks, the Jupyter server's interrupt is used.
 * Python leaves `kernel_id` empty if an interrupt would hit another cell; then no
 * interrupt is sent. The answer's end is reported by its status, not here.
 */

import { type Answer, isLive } from "./answer";
import type { Model } from "./anywidget";
import { element, setText } from "./parts/part";
import { Press } from "./press";
import type { ToPython } from "./wire-messages";

// A message sent before the notebook has created a subshell for the comm is not read
// until the cell ends. So it is sent more than once.
const REPEAT_MS = 150;
const ATTEMPTS = 3;

/** Milliseconds after which an unanswered request is followed by an interrupt. */
export const UNANSWERED_MS = REPEAT_MS * ATTEMPTS;

/** What `Stop` reads of what it stops: an answer, or a map. */
export type Stoppable = Pick<Answer, "status" | "statusReports">;

/** The request to stop one widget's answer. All its views share this object. */
export class Stop {
	/** The user has pressed Stop, and the answer has not ended yet. */
	pressed = false;
	/** Receives the presses on the buttons of all views. */
	readonly presses = new Press(() => this.press());
	readonly #model: Model;
	readonly #send: (message: ToPython) => void;
	readonly #answer: Stoppable;
	readonly #changed: () => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#state: "idle" | "asking" | "closed" = "idle";

	constructor(
		model: Model,
		send: (message: ToPython) => void,
		answer: Stoppable,
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
			: "The cell keeps the answer so far";
	}

	/** Requests that the answer stops. Another press during a request changes nothing. */
	press(): void {
		if (this.#state !== "idle" || !isLive(this.#answer.status)) return;
		this.pressed = true;
		this.#state = "asking";
		this.#changed();
		if (this.#direct) void this.#interrupt();
		else this.#request(this.#answer.statusReports, ATTEMPTS);
	}

	/** Asks Python to stop until it reports a status; after the last attempt, interrupts. */
	#request(reports: number, attempts: number): void {
		if (this.#answer.statusReports > reports || !isLive(this.#answer.status)) this.#requestDone();
		else if (attempts === 0) void this.#interrupt();
		else {
			// Set the timer first: sending may fail and end the answer.
			this.#timer = setTimeout(() => this.#request(reports, attempts - 1), REPEAT_MS);
			this.#send({ t: "stop" });
		}
	}

	/** Ends the request, so that the next press is a new one. */
	#requestDone(): void {
		if (this.#state === "asking") this.#state = "idle";
	}

	/** To be called when the widget is removed: later presses request nothing. */
	close(): void {
		clearTimeout(this.#timer);
		this.#state = "closed";
	}

	/** Cancels the request, because the kernel is gone. */
	forget(): void {
		clearTimeout(this.#timer);
		this.#requestDone();
		this.pressed = false;
	}

	/** Whether the first attempt is an interrupt, not a comm message. */
	get #direct(): boolean {
		return this.#model.get("stop_by") === "interrupt" && this.#endpoint() !== null;
	}

	/** The URL to interrupt the kernel on this page's Jupyter server; null if there is none. */
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
		if (!url) return this.#requestDone();
		const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
		const headers = { "X-XSRFToken": decodeURIComponent(token) };
		const answer = await fetch(url, { method: "POST", headers }).catch(() => null);
		this.#requestDone();
		if (answer?.ok) return;
		// The interrupt failed: let the user press again.
		this.pressed = false;
		this.#changed();
	}
}

/** Creates the button of one view; call `paint` after every change of the answer. */
export function stopButton(stop: Stop): { el: HTMLButtonElement; paint(live: boolean): void } {
	const label = element("span", "");
	const el = element("button", "nbstream-stop", label);
	el.type = "button";
	stop.presses.listen(el);
	return {
		el,
		paint(live) {
			el.hidden = !live;
			setText(label, stop.pressed ? "Stopping…" : "Stop");
			el.title = stop.tooltip;
		},
	};
}
