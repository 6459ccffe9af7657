/**
 * Draws a picture from its bytes, and replaces it in place when a better version arrives.
 *
 * Each version has a blob: URL, which is revoked when the next one is shown. A new version
 * replaces the old one only after it has loaded, in a box that keeps the size of the first, so
 * the text below does not move.
 */

import { visible } from "../../render";
import { element } from "./part";

/** The element, and a method that shows the bytes of the next version. */
export interface Picture {
	readonly el: HTMLElement;
	show(data: DataView, type: string, name: string, partial: boolean): void;
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
		show(data, type, name, partial) {
			const img = element("img", "");
			img.alt = visible(name) || "A picture from the model";
			img.decoding = "sync";
			const isOutdated = () => {
				if (latest === img) return false;
				revoke(img);
				return true;
			};
			img.addEventListener("load", () => {
				if (isOutdated()) return;
				if (!shown) keepSize(el, img, partial);
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

/**
 * Gives the box the size of its first picture. A preview may be smaller than the picture that
 * follows, so it only gives the shape, and the box is as wide as it can be.
 */
function keepSize(box: HTMLElement, img: HTMLImageElement, partial: boolean): void {
	const { naturalWidth: width, naturalHeight: height } = img;
	if (!width || !height) return;
	if (!partial) box.style.setProperty("--width", `${width}px`);
	box.style.setProperty("--ratio", `${width / height}`);
}
