/**
 * Shows the live view of a widget in place of the static HTML of the same answer.
 *
 * A saved notebook must not contain a widget: without a kernel, it shows an error and hides
 * all other formats. So Python replaces the widget by HTML with a class that names the
 * widget. While the page has the widget's store, its view is shown in place of that HTML,
 * before the HTML is ever painted. Afterwards the HTML is shown again. When Python changes
 * the output, the view moves into the new HTML. It also moves there from the widget's own
 * element, when HTML replaces the widget.
 */

import { restoreFocus, trackFocus } from "./focus";
import { layOutInPieces } from "./moved";
import { restoreScroll } from "./parts/follow";

/** Paints a view in `el`, until the signal aborts. */
export type Paint = (el: HTMLElement, signal: AbortSignal) => void;

/** The start of the class that Python's `display/html/` writes. */
export const CLASS_PREFIX = "nbstream-at-";
/** The second class, on HTML that lacks the end of the answer. */
export const UNFINISHED = "nbstream-unfinished";
const WIDGET_CLASS = new RegExp(`^${CLASS_PREFIX}(\\w+)$`);

/** JupyterLab's class for HTML outputs, whose rules would override the view's style. */
const JUPYTER_CLASS = "jp-RenderedHTMLCommon";

/** How the view of a widget is drawn, and whether it will never have the whole answer. */
interface Painter {
	paint: Paint;
	isLost: () => boolean;
}

/** A view that is shown in an element, and how to restore the element's own content. */
interface Swapped {
	widgetId: string;
	view: AbortController;
	/** For a widget's own element only: aborted when the host removes it. */
	hostSignal?: AbortSignal;
	restore(): void;
}

/** A view whose element was removed. */
interface Detached {
	widgetId: string;
	view: AbortController;
	nodes: ChildNode[];
}

const painters = new Map<string, Painter>();
const shown = new Map<HTMLElement, Swapped>();
const observer = new MutationObserver(update);
let tracking: AbortController | undefined;

/**
 * Whether this script can reach HTML outputs: true in JupyterLab and Notebook. In other
 * hosts each output may be in an iframe of its own.
 */
export function canSwap(): boolean {
	return document.querySelector(".jp-OutputArea") !== null;
}

/**
 * Shows a view, drawn by `paint`, in place of all static HTML of this widget, now or later.
 * While it `isLost`, HTML of the whole answer stays.
 */
export function claim(widgetId: string, paint: Paint, isLost: () => boolean): void {
	if (!painters.size) {
		observer.observe(document, { childList: true, subtree: true });
		tracking = new AbortController();
		trackFocus(tracking.signal);
	}
	painters.set(widgetId, { paint, isLost });
	swapIn(document);
}

/**
 * Draws a view in the widget's own output element, until the host's signal aborts.
 *
 * If HTML of the widget is added to the page in the same task, the view moves there.
 */
export function paintWidget(
	widgetId: string,
	el: HTMLElement,
	paint: Paint,
	hostSignal: AbortSignal,
): void {
	const view = new AbortController();
	shown.set(el, { widgetId, view, hostSignal, restore: () => {} });
	const end = () => {
		update(observer.takeRecords());
		const entry = shown.get(el);
		if (entry?.view === view) detach(el, entry).view.abort();
	};
	hostSignal.addEventListener("abort", () => queueMicrotask(end));
	paint(el, view.signal);
}

/** Removes the views of this widget and shows its static HTML again. */
export function release(widgetId: string): void {
	painters.delete(widgetId);
	for (const [el, entry] of shown) {
		if (entry.widgetId === widgetId && !entry.hostSignal) detach(el, entry).view.abort();
	}
	if (painters.size) return;
	observer.disconnect();
	tracking?.abort();
}

/** Ends or moves the views whose elements were removed; shows views in new static HTML. */
function update(changes: MutationRecord[]): void {
	// Detach first, since new HTML may be in the same parent. Elements that were only moved
	// are connected again by now. A widget's own element is also disconnected before the
	// host adds it, so there only the host's signal counts.
	const isGone = ([el, { hostSignal }]: [HTMLElement, Swapped]) =>
		hostSignal ? hostSignal.aborted : !el.isConnected;
	const detached = [...shown].filter(isGone).map((entry) => detach(...entry));
	for (const { addedNodes } of changes) {
		for (const node of addedNodes) if (node instanceof Element) swapIn(node, detached);
	}
	for (const { view } of detached) view.abort();
}

/** Shows views in all static HTML in `root`, with those in `detached` first. */
function swapIn(root: Document | Element, detached: Detached[] = []): void {
	if (root instanceof HTMLElement) swap(root, detached);
	for (const el of root.querySelectorAll<HTMLElement>(`[class^="${CLASS_PREFIX}"]`))
		swap(el, detached);
}

/** Restores an element's own content. Returns its view, to be shown elsewhere. */
function detach(el: HTMLElement, { widgetId, view, restore }: Swapped): Detached {
	const nodes = [...el.childNodes];
	shown.delete(el);
	restore();
	return { widgetId, view, nodes };
}

/** Shows the view in one element, if it is static HTML of a claimed widget. */
function swap(el: HTMLElement, detached: Detached[]): void {
	const widgetId = el.classList[0]?.match(WIDGET_CLASS)?.[1];
	const painter = widgetId && painters.get(widgetId);
	if (!painter || shown.has(el) || !el.isConnected) return;
	if (painter.isLost() && !el.classList.contains(UNFINISHED)) return;
	const html = [...el.childNodes];
	const styled = el.parentElement?.classList.contains(JUPYTER_CLASS) ? el.parentElement : null;
	const restore = () => {
		el.replaceChildren(...html);
		delete el.dataset.mjx;
		styled?.classList.add(JUPYTER_CLASS);
	};
	// MathJax does not enter such an element. Otherwise it would read prices as formulas.
	// view.css has a rule for all other places of views.
	el.dataset.mjx = "no";
	styled?.classList.remove(JUPYTER_CLASS);
	const moved = detached.findIndex((entry) => entry.widgetId === widgetId);
	const [old] = moved < 0 ? [] : detached.splice(moved, 1);
	const view = old?.view ?? new AbortController();
	shown.set(el, { widgetId, view, restore });
	if (old) layOutInPieces(old.nodes);
	el.replaceChildren(...(old?.nodes ?? []));
	if (old) {
		restoreFocus(el);
		restoreScroll(el);
	} else painter.paint(el, view.signal);
}
