/**
 * A box that scrolls if its content is high, and says so as long as there is more below: a reader
 * should not approve what they have not seen.
 */

import { element } from "../parts/part";

/** Creates the box of an element. */
export function scrollBox(content: HTMLElement, signal: AbortSignal): HTMLElement {
	const box = element("div", "nbask-scroll", content);
	box.append(element("div", "nbask-below", "More below"));
	const look = () => {
		const below = box.scrollHeight - box.scrollTop - box.clientHeight;
		box.classList.toggle("nbask-cut", below > 8);
	};
	box.addEventListener("scroll", look, { signal });
	const watcher = new ResizeObserver(look);
	watcher.observe(box);
	watcher.observe(content);
	signal.addEventListener("abort", () => watcher.disconnect());
	return box;
}
