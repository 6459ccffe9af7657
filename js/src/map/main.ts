/**
 * The entry point of the widget of a map, as an anywidget module; see `../main.ts`. It is much the
 * same: a function for both would make the front end larger than its limit.
 */

import type { InitializeProps, RenderProps, Widget } from "../anywidget";
import { waitForChannel } from "../own-channel";
import { canSwap, claim, paintWidget, release } from "../static-swap";
import { MapStore } from "./store";
import { mount } from "./view";

const stores = new Map<string, MapStore>();

function initialize({ model, early, signal }: InitializeProps): () => void {
	const widgetId = model.get("widget_id");
	stores.get(widgetId)?.close();
	release(widgetId);
	waitForChannel(model);
	const store = new MapStore(model);
	stores.set(widgetId, store);
	store.start(early);
	claim(
		widgetId,
		(el, signal) => {
			mount(el, store, signal);
			store.completeOutputs();
		},
		() => Boolean(store.lost),
	);
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
	const view = new AbortController();
	const close = () => view.abort();
	signal?.addEventListener("abort", close);
	paintWidget(widgetId, el, (el, signal) => mount(el, store, signal), view.signal);
	if (canSwap()) store.announceSwap();
	return close;
}

export default { initialize, render } satisfies Widget;
