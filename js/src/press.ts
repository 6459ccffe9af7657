/**
 * Handles presses on a button (mouse, touch, keys) that may move or be removed meanwhile.
 *
 * A browser fires `click` only if the press and the release hit the same element. An
 * answer that grows moves the button away between the two, and a new output moves the
 * view to another element. So a press counts when it begins on the button:
 *
 * - A mouse acts when its main button goes down, as JupyterLab's own interrupt button
 *   does. Moving away before the release does not cancel it. Other mouse buttons,
 *   and Control with the main one (the context menu of a Mac), do not act.
 * - A finger or a pen acts when it is lifted, at any position, because it may have
 *   begun to scroll or to zoom the page: then the browser sends `pointercancel`.
 * - Enter and Space act when the key goes down; a key that is held acts once.
 * - A `click` without any of these acts too: assistive technology and scripts send it.
 */

/** Calls `act` once for each press on the buttons that it listens to. */
export class Press {
	readonly #act: () => void;
	/** True if the last press has called `act`. Its `click` may follow and must not act again. */
	#acted = false;

	constructor(act: () => void) {
		this.#act = act;
	}

	/** Acts on presses of this button, also if it leaves the document during a press. */
	listen(button: HTMLElement): void {
		button.addEventListener("pointerdown", (event) => this.#down(event));
		button.addEventListener("keydown", (event) => {
			if (!isKey(event)) return;
			event.preventDefault(); // no `click` from this key
			if (!event.repeat) this.#act();
		});
		button.addEventListener("keyup", (event) => {
			// Firefox fires `click` here, even if keydown was prevented.
			if (isKey(event)) event.preventDefault();
		});
		button.addEventListener("click", ({ detail }) => {
			// A click by a script has a `detail` of 0.
			if (detail && this.#acted) this.#acted = false;
			else this.#act();
		});
	}

	/** A mouse acts now, a finger or a pen when it is lifted. */
	#down({ isPrimary, button, ctrlKey, pointerType, pointerId }: PointerEvent): void {
		if (!isPrimary) return;
		this.#acted = false;
		if (button !== 0 || ctrlKey) return;
		if (pointerType !== "touch" && pointerType !== "pen") {
			this.#actOnce();
			return;
		}
		// Listen on the window, since the button may leave the document before the release.
		const over = new AbortController();
		const options = { capture: true, signal: over.signal };
		const end = (event: PointerEvent) => {
			if (event.pointerId !== pointerId) return;
			over.abort();
			if (event.type === "pointerup") this.#actOnce();
		};
		addEventListener("pointerup", end, options);
		addEventListener("pointercancel", end, options);
	}

	#actOnce(): void {
		this.#acted = true;
		this.#act();
	}
}

/** Whether a key event is Enter or Space without a modifier. */
function isKey({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
	return (key === "Enter" || key === " ") && !(altKey || ctrlKey || metaKey || shiftKey);
}
