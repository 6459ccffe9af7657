/**
 * Saving a file from the page to the reader's disk.
 *
 * Knows that a blob: address is of the notebook's own origin: the bytes are
 * given out as nothing that a browser would open, under a name without
 * directories or characters that cannot be seen.
 */

import type { WireFile } from "../events";
import { element } from "./part";

const KEEP_MS = 60_000;

export function saveButton(file: () => WireFile | null): HTMLButtonElement {
	const button = element("button", "nbstream-save", "Download");
	button.type = "button";
	button.dataset.lmSuppressShortcuts = "true";
	button.addEventListener("click", () => {
		const { data, ...about } = file() ?? { media_type: "" };
		if (!(data instanceof DataView)) return;
		const blob = new Blob([data as BlobPart], { type: "application/octet-stream" });
		const link = document.createElement("a");
		link.href = URL.createObjectURL(blob);
		link.download = nameOf(about);
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
	});
	return button;
}

export function nameOf({ filename = "", media_type }: WireFile): string {
	const own = filename
		.split(/[/\\]/)
		.at(-1)
		?.replace(/[^\p{L}\p{N} ._()-]/gu, "_")
		.replace(/^[. ]+/, "");
	const kind = /^\w+\/(?:x-)?([a-z0-9]{1,8})\b/i.exec(media_type)?.[1]?.toLowerCase() ?? "bin";
	return own || `answer.${kind === "jpeg" ? "jpg" : kind}`;
}
