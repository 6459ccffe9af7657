/**
 * Holds back what a widget sends until its messages have a channel of their own into the kernel.
 *
 * JupyterLab opens one for the widgets of a kernel (a subshell of ipykernel 7). What is sent before
 * goes where cells run, and is read late. ipykernel 7.4.0 may then mistake the running cell for the
 * one before: its end is never reported, so it stays at [*], and its outputs go elsewhere
 * (`shell_main` in its kernelbase.py sets the parent back after another cell has begun).
 */

import type { Model } from "./anywidget";
import { attempt } from "./kernel";

/** Milliseconds after which the messages are sent in any case. */
const MAX_HELD_MS = 3_000;

/** Call it before the store sends anything. */
export function waitForChannel(model: Model): void {
	if (!attempt(() => model.widget_manager?.kernel?.supportsSubshells)) return;
	const { send } = model;
	const held = new Map<string, unknown>();
	const open = () => {
		clearTimeout(timer);
		model.send = send;
		for (const message of held.values()) send.call(model, message);
		held.clear();
	};
	const timer = setTimeout(open, MAX_HELD_MS);
	// A message that is repeated is sent once.
	model.send = (message) => held.set(JSON.stringify(message), message);
	const started = async () => {
		const inner = await model.widget_manager?.get_model?.(model.get("widget_id"));
		const comm = inner?.comm?.jsServicesComm;
		if (comm?.commsOverSubshells !== "disabled") await comm?.subshellStarted;
	};
	// If the kernel is gone, `send` throws here, and again at the next message.
	started()
		.then(open, open)
		.catch(() => {});
}
