/**
 * The places in a page where an answer stands as static HTML.
 *
 * A saved notebook must not hold a widget: once its kernel has gone, that shows an
 * error and hides all else. So Python puts HTML in its stead, in an element whose
 * class says whose it is; and as long as the page has that answer's store, its view
 * stands there, before anybody has seen the HTML. Without it the HTML shows again.
 *
 * Knows that class, and what JupyterLab does to HTML that is not meant for a view.
 * Refuses to know the view, and which widgets there are.
 */

/** Paints what stands in `el`, until the signal aborts. */
export type Paint = (el: HTMLElement, signal: AbortSignal) => void;

/** As Python's `widget/render/html.py` writes it. */
const CLASS = "nbstream-at-";
const MARK = new RegExp(`^${CLASS}(\\w+)$`);

/** MathJax passes such elements by; it would take a price list for formulas. */
const NO_MATH = "mathjax_ignore";

/** JupyterLab's look of HTML, whose rules outweigh ours. */
const DRESS = "jp-RenderedHTMLCommon";

const paints = new Map<string, Paint>();
const shown = new Map<HTMLElement, { key: string; view: AbortController }>();
const observer = new MutationObserver(follow);

/**
 * Whether outputs of HTML are where this script sees them: in JupyterLab and Notebook.
 * Elsewhere each may be in a frame of its own, and gets HTML only at the end.
 */
export function areSeen(): boolean {
	return document.querySelector(".jp-OutputArea") !== null;
}

/** From now on `paint` has the places of `key`, those that are there and those to come. */
export function take(key: string, paint: Paint): void {
	if (!paints.size) observer.observe(document, { childList: true, subtree: true });
	paints.set(key, paint);
	fill(document);
}

/** Give the places of `key` back to the HTML. */
export function leave(key: string): void {
	paints.delete(key);
	for (const one of shown.values()) if (one.key === key) one.view.abort();
	if (!paints.size) observer.disconnect();
}

function follow(changes: MutationRecord[]): void {
	// What is only moved, is connected again by now. Before what is new, which may stand
	// in the same box.
	for (const [el, { view }] of shown) if (!el.isConnected) view.abort();
	for (const { addedNodes } of changes) {
		for (const node of addedNodes) if (node instanceof Element) fill(node);
	}
}

function fill(root: Document | Element): void {
	if (root instanceof HTMLElement) occupy(root);
	for (const el of root.querySelectorAll<HTMLElement>(`[class^="${CLASS}"]`)) occupy(el);
}

function occupy(el: HTMLElement): void {
	const key = el.classList[0]?.match(MARK)?.[1];
	const paint = key && paints.get(key);
	if (!paint || shown.has(el) || !el.isConnected) return;
	const view = new AbortController();
	const html = [...el.childNodes];
	const dressed = el.parentElement?.classList.contains(DRESS) ? el.parentElement : null;
	shown.set(el, { key, view });
	el.replaceChildren();
	el.classList.add(NO_MATH);
	dressed?.classList.remove(DRESS);
	paint(el, view.signal);
	view.signal.addEventListener("abort", () => {
		shown.delete(el);
		el.replaceChildren(...html);
		el.classList.remove(NO_MATH);
		dressed?.classList.add(DRESS);
	});
}
