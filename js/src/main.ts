/**
 * The entry point of the front end, as an anywidget module: `initialize` creates the state,
 * once for each widget; `render` draws a view of it in each output.
 *
 * The two find each other by the `widget_id` trait. When Python replaces the output
 * by static HTML, the view moves to the place of that HTML (static-swap.ts).
 */

// First, so that the style sheets are the start of the file: it is 1 % smaller after gzip.
import "./style";

import type { InitializeProps, RenderProps, Widget } from "./anywidget";
import { waitForChannel } from "./own-channel";
import { canSwap, claim, paintWidget, release } from "./static-swap";
import { Store } from "./store";
import { mount } from "./view";

const stores = new Map<string, Store>();

function initialize({ model, early, signal }: InitializeProps): () => void {
	const widgetId = model.get("widget_id");
	stores.get(widgetId)?.close();
	release(widgetId);
	waitForChannel(model);
	const store = new Store(model);
	stores.set(widgetId, store);
	store.open(early);
	const paint = (el: HTMLElement, signal: AbortSignal) => {
		mount(el, store, signal);
		store.completeOutputs(); // an undo may have restored an unfinished output
	};
	claim(widgetId, paint, () => store.answer.lost);
	const close = () => {
		store.close();
		if (stores.get(widgetId) !== store) return;
		stores.delete(widgetId);
		release(widgetId);
	};
	signal?.addEventListener("abort", close);
	return close;
}

function render({ model, el, signal }: RenderProps): (() => void) | undefined {
	const widgetId = model.get("widget_id");
	const store = stores.get(widgetId);
	if (!store || signal?.aborted) return undefined;
	// anywidget before 0.11 passes no signal and calls the returned function.
	const view = new AbortController();
	const close = () => view.abort();
	signal?.addEventListener("abort", close);
	paintWidget(widgetId, el, (el, signal) => mount(el, store, signal), view.signal);
	if (canSwap()) store.announceSwap();
	return close;
}

export default { initialize, render } satisfies Widget;
