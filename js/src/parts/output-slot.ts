/**
 * Stands for the view of a typed answer (output.ts) until the page has the file with it. If that
 * takes long, the model's text is shown meanwhile.
 */

import { inFrame } from "../frames";
import { loadForm } from "../page-files";
import { addStyle } from "../style";
import { follower } from "./follow";
import { markdownText, options } from "./markdown";
import { element, type MakePartView, type PartView } from "./part";
import { type GrowingText, growingText } from "./text";

/** Milliseconds after which the model's text is shown; the file usually comes soon. */
const LOADS_MS = 1_000;

/** What the file uses of this one. */
const kit = { addStyle, element, follower, growingText, markdownText, options };
export type Kit = typeof kit;

/** Creates the place of the view of the texts that are the value of a typed answer. */
export const outputView: MakePartView = (part, signal) => {
	const el = element("div", "nbstream-typed");
	let view: PartView | undefined;
	let raw: GrowingText | undefined;
	let text = "";
	let latest: Parameters<NonNullable<PartView["update"]>> | undefined;
	let ended = false;

	const timer = setTimeout(() => {
		raw = growingText(element("div", "nbstream-mono"));
		raw.append(text);
		el.append(raw.el);
	}, LOADS_MS);
	signal.addEventListener("abort", () => clearTimeout(timer));
	/** Draws what came before the file; later text is drawn with the other parts. */
	const pump = () => {
		if (view?.render?.() && !signal.aborted) inFrame(pump);
	};
	loadForm((file) => {
		if (signal.aborted) return;
		clearTimeout(timer);
		el.replaceChildren();
		view = file.outputView(part, el, kit, signal);
		if (text) view.append(text);
		if (latest) view.update?.(...latest);
		if (ended) view.end();
		pump();
	});

	return {
		el,
		append(chunk) {
			if (view) view.append(chunk);
			else {
				text += chunk;
				raw?.append(chunk);
			}
		},
		render: () => view?.render?.() ?? false,
		end() {
			ended = true;
			view?.end();
		},
		replace(whole) {
			ended = false;
			text = whole;
			(view ?? raw)?.replace?.(whole);
		},
		update(...now) {
			latest = now;
			view?.update?.(...now);
		},
	};
};
