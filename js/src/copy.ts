/**
 * A button that copies a text, and says that it did.
 *
 * How the text gets to the clipboard is in `copyText` of the renderer.
 */

import { copyText } from "../render";
import { element } from "./parts/part";

const COPIED_MS = 2_000;

const LABEL = "Copy";

/** Creates the button. What `text` returns is copied; `liveRegion` is read out. */
export function copyButton(text: () => string, liveRegion: HTMLElement): HTMLButtonElement {
	const button = element("button", "nbstream-copy", LABEL);
	button.type = "button";
	button.title = "Copy the answer";
	button.addEventListener("click", async () => {
		const done = (await copyText(text(), button)) ? "Copied" : "Not copied";
		button.textContent = liveRegion.textContent = done;
		setTimeout(() => {
			button.textContent = LABEL;
		}, COPIED_MS);
	});
	return button;
}
