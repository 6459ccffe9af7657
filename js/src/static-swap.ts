/**
 * The places in a page where an answer stands as static HTML.
 *
 * A saved notebook must not hold a widget: once its kernel has gone, that shows an
 * error and hides all else. So Python puts HTML in its stead, in an element whose
 * class says whose it is; and as long as the page has that answer's store, its view
 * stands there, before anybody has seen the HTML. Without it the HTML shows again.
 * When Python changes the output, the view goes on in the new HTML's place; so does
 * the view in the widget's own element, when HTML replaces the widget.
 *
 * Knows that class, and what JupyterLab does to HTML that is not meant for a view.
 * Refuses to know the view, and which widgets there are.
 */

import { holdAgain, noteHeld } from "./focus";

/** Paints what stands in `el`, until the signal aborts. */
export type Paint = (el: HTMLElement, signal: AbortSignal) => void;

/** As Python's `display/html.py` writes it. */
const CLASS = "nbstream-at-";
const MARK = new RegExp(`^${CLASS}(\\w+)$`);

/** MathJax passes such elements by; it would take a price list for formulas. */
const NO_MATH = "mathjax_ignore";

/** JupyterLab's look of HTML, whose rules outweigh ours. */
const DRESS = "jp-RenderedHTMLCommon";

/** A view, and how what stood in its place comes back. */
interface Shown {
	key: string;
	view: AbortController;
	/** Only in a widget's own element: aborted when the host takes the element back. */
	lent?: AbortSignal;
	restore(): void;
}

/** A view whose place has gone. */
interface Left {
	key: string;
	view: AbortController;
	nodes: ChildNode[];
}

const paints = new Map<string, Paint>();
const shown = new Map<HTMLElement, Shown>();
const observer = new MutationObserver(follow);
let noting: AbortController | undefined;

/**
 * Whether outputs of HTML are where this script sees them: in JupyterLab and Notebook.
 * Elsewhere each may be in a frame of its own, and gets HTML only at the end.
 */
export function areSeen(): boolean {
	return document.querySelector(".jp-OutputArea") !== null;
}

/** From now on `paint` has the places of `key`, those that are there and those to come. */
export function take(key: string, paint: Paint): void {
	if (!paints.size) {
		observer.observe(document, { childList: true, subtree: true });
		noting = new AbortController();
		noteHeld(noting.signal);
	}
	paints.set(key, paint);
	fill(document);
}

/**
 * Paint in the element that the host gave to the widget, until it takes that back.
 *
 * If HTML of `key` comes into the page in the same task, the view moves there.
 */
export function paintWidget(key: string, el: HTMLElement, paint: Paint, lent: AbortSignal): void {
	const view = new AbortController();
	shown.set(el, { key, view, lent, restore: () => {} });
	const end = () => {
		follow(observer.takeRecords());
		const one = shown.get(el);
		if (one?.view === view) vacate(el, one).view.abort();
	};
	lent.addEventListener("abort", () => queueMicrotask(end));
	paint(el, view.signal);
}

/** Give the places of `key` back to the HTML. */
export function leave(key: string): void {
	paints.delete(key);
	for (const [el, one] of shown) {
		if (one.key === key && !one.lent) vacate(el, one).view.abort();
	}
	if (paints.size) return;
	observer.disconnect();
	noting?.abort();
}

function follow(changes: MutationRecord[]): void {
	// Before what is new, which may stand in the same box. What is only moved is connected
	// again by now. A widget's own element is disconnected also before the host adds it.
	const isGone = ([el, { lent }]: [HTMLElement, Shown]) => (lent ? lent.aborted : !el.isConnected);
	const left = [...shown].filter(isGone).map((one) => vacate(...one));
	for (const { addedNodes } of changes) {
		for (const node of addedNodes) if (node instanceof Element) fill(node, left);
	}
	for (const { view } of left) view.abort();
}

function fill(root: Document | Element, left: Left[] = []): void {
	if (root instanceof HTMLElement) occupy(root, left);
	for (const el of root.querySelectorAll<HTMLElement>(`[class^="${CLASS}"]`)) occupy(el, left);
}

function vacate(el: HTMLElement, { key, view, restore }: Shown): Left {
	const nodes = [...el.childNodes];
	shown.delete(el);
	restore();
	return { key, view, nodes };
}

function occupy(el: HTMLElement, left: Left[]): void {
	const key = el.classList[0]?.match(MARK)?.[1];
	const paint = key && paints.get(key);
	if (!paint || shown.has(el) || !el.isConnected) return;
	const html = [...el.childNodes];
	const dressed = el.parentElement?.classList.contains(DRESS) ? el.parentElement : null;
	const restore = () => {
		el.replaceChildren(...html);
		el.classList.remove(NO_MATH);
		dressed?.classList.add(DRESS);
	};
	el.classList.add(NO_MATH);
	dressed?.classList.remove(DRESS);
	const moved = left.findIndex((one) => one.key === key);
	const [old] = moved < 0 ? [] : left.splice(moved, 1);
	const view = old?.view ?? new AbortController();
	shown.set(el, { key, view, restore });
	el.replaceChildren(...(old?.nodes ?? []));
	if (old) holdAgain(el);
	else paint(el, view.signal);
}
