/**
 * Draws Markdown images. None is requested from the web without a click or the host page's
 * permission, because a request would tell the image's server what the user reads.
 *
 * Shown at once are data: URLs, bytes that the host page has, and images from allowed
 * hosts. Any other web image is a placeholder that names its host and loads on a click. An
 * image without a web address is only its alternative text.
 */

import { visible } from "../../policy/characters";
import { isDataImage, type SafeLink, webAddress } from "../../policy/links";
import { type Attributes, button, make } from "./element";
import type { MarkdownOptions } from "./options";
import type { Slot } from "./patch";

/** An image as it is written in Markdown. */
export interface ImageText {
	readonly src: string;
	readonly alt: string;
	readonly title: string;
}

/** Describes an image for patch.ts. */
export function imageSlot(image: ImageText, options: MarkdownOptions, page: string): Slot {
	return {
		key: `image\n${image.src}\n${image.title}\n${image.alt}`,
		create: () => create(image, options, page),
	};
}

function create(image: ImageText, options: MarkdownOptions, page: string): HTMLElement {
	const box = make("span", "nbmd-image");
	const own = ownBytes(image.src, options);
	const remote = own ? null : webAddress(image.src, page);
	const src = own ?? (remote && allowed(remote.host, options) ? remote.href : null);
	box.append(src ? picture(image, src) : placeholder(image, remote, box));
	return box;
}

/** The data: or blob: URL of an image that needs no request, or null. */
function ownBytes(src: string, options: MarkdownOptions): string | null {
	if (isDataImage(src)) return src;
	const resolved = options.resolveImage?.(src);
	return resolved && (resolved.startsWith("blob:") || isDataImage(resolved)) ? resolved : null;
}

/** Whether images from a host load without a click. */
function allowed(host: string, options: MarkdownOptions): boolean {
	return !!options.allowImageHosts?.some((one) => one.toLowerCase() === host);
}

function picture(image: ImageText, src: string): HTMLElement {
	const attributes: Attributes = {
		alt: visible(image.alt),
		referrerpolicy: "no-referrer",
		loading: "lazy",
		decoding: "async",
	};
	if (image.title) attributes.title = visible(image.title);
	// `src` last, after all attributes that decide how the image loads.
	return make("img", { ...attributes, src });
}

/** A placeholder; a click on it loads the image. */
function placeholder(image: ImageText, remote: SafeLink | null, box: HTMLElement): HTMLElement {
	const alt = visible(image.alt).trim() || "image";
	if (!remote) return make("span", "nbmd-image-blocked", alt);
	const load = button({ class: "nbmd-image-load" }, (event) => {
		// The image may be inside a link, which must not be followed.
		event.preventDefault();
		event.stopPropagation();
		if (event.isTrusted) box.replaceChildren(picture(image, remote.href));
	});
	load.append(alt, " ", make("span", "nbmd-image-host", remote.host));
	return load;
}
