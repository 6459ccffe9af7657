/**
 * Draws a picture from its bytes, and replaces it in place when a better version arrives.
 *
 * Each version has a blob: URL, which is revoked when the next one is shown. A new
 * version replaces the old one only after it has loaded, so the box never collapses.
 */

import { element } from "./part";

/** The element, and a method that shows the bytes of the next version. */
export interface Picture {
	readonly el: HTMLElement;
	show(data: DataView, type: string): void;
}

/** Creates an empty view of a picture. Its URLs are revoked when the signal aborts. */
export function pictureView(signal: AbortSignal): Picture {
	const el = element("div", "nbstream-picture");
	let shown: HTMLImageElement | null = null;
	let latest: HTMLImageElement | null = null;

	const revoke = (img: HTMLImageElement | null) => img && URL.revokeObjectURL(img.src);
	signal.addEventListener("abort", () => {
		revoke(shown);
		if (latest !== shown) revoke(latest);
		shown = latest = null;
	});

	return {
		el,
		show(data, type) {
			const img = element("img", "");
			img.alt = "A picture from the model";
			img.decoding = "sync";
			const isOutdated = () => {
				if (latest === img) return false;
				revoke(img);
				return true;
			};
			img.addEventListener("load", () => {
				if (isOutdated()) return;
				revoke(shown);
				shown = img;
				el.replaceChildren(img);
			});
			img.addEventListener("error", () => {
				if (isOutdated()) return;
				revoke(img);
				// If a version does not load, the one before it stays.
				if (!shown)
					el.replaceChildren(element("div", "nbstream-label", "This picture cannot be shown"));
			});
			latest = img;
			img.src = URL.createObjectURL(new Blob([data as BlobPart], { type }));
		},
	};
}
