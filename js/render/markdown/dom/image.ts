/**
 * Images, which never load by themselves: to ask for one tells its host that,
 * and what, the reader reads.
 *
 * Knows bytes that are here already, hosts the reader's code allowed, and a
 * placeholder that names the host and loads on a click.
 */

import { type Attributes, button, make, visible } from "./element";
import type { MarkdownOptions } from "./options";
import type { Slot } from "./patch";
import { isDataImage, type SafeLink, webAddress } from "./url";

export interface ImageText {
	readonly src: string;
	readonly alt: string;
	readonly title: string;
}

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

function ownBytes(src: string, options: MarkdownOptions): string | null {
	if (isDataImage(src)) return src;
	const resolved = options.resolveImage?.(src);
	return resolved && (resolved.startsWith("blob:") || isDataImage(resolved)) ? resolved : null;
}

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
	// The address last: everything that decides how it loads is there before.
	return make("img", { ...attributes, src });
}

function placeholder(image: ImageText, remote: SafeLink | null, box: HTMLElement): HTMLElement {
	const alt = visible(image.alt).trim() || "image";
	if (!remote) return make("span", "nbmd-image-blocked", alt);
	const load = button({ class: "nbmd-image-load" }, (event) => {
		// It may stand in a link, which is not what was clicked.
		event.preventDefault();
		event.stopPropagation();
		if (event.isTrusted) box.replaceChildren(picture(image, remote.href));
	});
	load.append(alt, " ", make("span", "nbmd-image-host", remote.host));
	return load;
}
