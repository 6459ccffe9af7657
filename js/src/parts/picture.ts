/**
 * A picture from bytes, and better versions of it in the same place.
 *
 * Knows blob: addresses and gives each back when the next one stands. A version
 * takes the place of the last only when it can be shown, so the box never
 * collapses in between. Refuses to know where the bytes come from.
 */

import { element } from "./part";

export interface Picture {
	readonly el: HTMLElement;
	show(data: DataView, type: string): void;
}

export function pictureView(signal: AbortSignal): Picture {
	const el = element("div", "nbstream-picture");
	let shown: HTMLImageElement | null = null;
	let latest: HTMLImageElement | null = null;

	const forget = (img: HTMLImageElement | null) => img && URL.revokeObjectURL(img.src);
	signal.addEventListener("abort", () => {
		forget(shown);
		if (latest !== shown) forget(latest);
		shown = latest = null;
	});

	return {
		el,
		show(data, type) {
			const img = element("img", "");
			img.alt = "A picture of the model’s";
			img.decoding = "sync";
			const overtaken = () => {
				if (latest === img) return false;
				forget(img);
				return true;
			};
			img.addEventListener("load", () => {
				if (overtaken()) return;
				forget(shown);
				shown = img;
				el.replaceChildren(img);
			});
			img.addEventListener("error", () => {
				if (overtaken()) return;
				forget(img);
				// A version that cannot be shown leaves the one before it.
				if (!shown) el.replaceChildren(element("div", "nbstream-label", "Not a picture after all"));
			});
			latest = img;
			img.src = URL.createObjectURL(new Blob([data as BlobPart], { type }));
		},
	};
}
