/**
 * Draws the answer that is open: its prompt, and the answer as the widget of its own draws it.
 */

import { element, setText } from "../parts/part";
import type { MapStore } from "./store";

/** What a widget manager of ipywidgets can do; every host has one. */
interface Views {
	get_model?(id: string): Promise<unknown> | undefined;
	create_view?(model: unknown): Promise<{ el: HTMLElement; remove(): void }>;
}

const ATTEMPTS = 20;
const PAUSE_MS = 100;

/** Creates the pane, which is hidden while no answer is open. */
export function answerPane(
	store: MapStore,
	signal: AbortSignal,
): { el: HTMLElement; paint(): void } {
	const prompt = element("div", "nbstream-pane-prompt nbstream-lines");
	const close = element("button", "nbstream-pane-close", "Close");
	const body = element("div", "nbstream-pane-body");
	const number = element("span", "nbstream-pane-number");
	const el = element("div", "nbstream-pane", element("div", "nbstream-pane-head", number, close));
	el.append(prompt, body);
	close.type = "button";
	close.addEventListener("click", () => store.show(null));
	el.addEventListener("keydown", ({ key, defaultPrevented }) => {
		if (key === "Escape" && !defaultPrevented) store.show(null);
	});
	let shown: unknown = null;
	let view: { remove(): void } | null = null;

	/** Asks for the view until the page has the widget, whose message may still be on its way. */
	async function draw(widget: string, place: HTMLElement): Promise<void> {
		const manager = store.model.widget_manager as unknown as Views | undefined;
		const isShown = () => place.parentNode === body && !signal.aborted;
		for (let attempt = 0; attempt < ATTEMPTS && isShown(); attempt++) {
			try {
				const model = await manager?.get_model?.(widget);
				const made = model ? await manager?.create_view?.(model) : undefined;
				if (made) {
					if (!isShown()) return made.remove();
					view = made;
					return place.replaceChildren(made.el);
				}
			} catch {
				// Not yet there.
			}
			await new Promise((done) => setTimeout(done, PAUSE_MS));
		}
	}

	signal.addEventListener("abort", () => view?.remove());
	return {
		el,
		paint() {
			const { open, opened } = store;
			el.hidden = open === null;
			const now = opened ?? open;
			if (now === shown) return;
			shown = now;
			view?.remove();
			view = null;
			number.textContent = open === null ? "" : `Prompt ${open + 1}`;
			setText(prompt, opened?.prompt ?? "");
			body.replaceChildren();
			if (!opened) return;
			if (opened.widget) {
				const place = element("div", "nbstream-pane-answer", opened.text);
				body.append(place);
				void draw(opened.widget, place);
				return;
			}
			if (opened.error) body.append(element("div", "nbstream-pane-error", opened.error));
			if (opened.text) body.append(element("div", "nbstream-lines", opened.text));
			if (!body.childNodes.length)
				body.append(element("div", "nbstream-pane-wait", "Not answered yet."));
		},
	};
}
