/**
 * Lets messages reach a widget that started late.
 *
 * anywidget waits two seconds for a widget to start. In a page that is busy for longer, it then
 * refuses every message to that widget for as long as the page is open, although the widget does
 * start (`Runtime` in its runtime.ts). So its custom messages are taken from the comm itself.
 * This is a part of the stub: its size counts for every answer.
 */

import type { InnerModel, Model } from "./anywidget";

/** Call it in `initialize`. It rejects where the host has no models of ipywidgets. */
export async function receiveIfLate(model: Model): Promise<void> {
	const manager = model.widget_manager as { get_model(id: string): unknown };
	const inner = (await manager.get_model(model.get("widget_id"))) as Required<InnerModel>;
	// An empty message, which is accepted only if anywidget has seen the widget start.
	inner._handle_comm_msg({ content: { data: {} } }).catch(() =>
		inner.comm.on_msg?.(({ content, buffers }) => {
			inner.trigger("msg:custom", content.data.content ?? {}, buffers);
		}),
	);
}
