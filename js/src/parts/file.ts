/**
 * Draws a file part: its name and size, a picture or a player if the browser can show it, and a
 * download button if the page has its bytes.
 *
 * Only formats that a browser shows safely are shown. The pictures are those of `PICTURES` in
 * Python's `file_part.py`: no SVG, which can hold scripts. A file that has only a URL is never
 * fetched: it is a link that the user may follow.
 */

import { fileSize } from "../format";
import type { WireFile } from "../wire-values";
import { element, type MakePartView, setText } from "./part";
import { pictureView } from "./picture";
import { webLink } from "./source";

const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
const PLAYABLE =
	/^(?:audio\/(?:mpeg|mp3|mp4|wav|x-wav|ogg|webm|flac|aac)|video\/(?:mp4|webm|ogg))$/;

const REVOKE_AFTER_MS = 60_000;

/** Creates the view of a file part. */
export const fileView: MakePartView = (part, signal) => {
	const stage = element("div", "nbstream-stage");
	const name = element("span", "nbstream-file-name");
	const facts = element("span", "nbstream-file-facts");
	const note = element("span", "nbstream-busy nbstream-file-note");
	const save = downloadButton(() => part.file);
	const line = element("div", "nbstream-file-line", name, facts, note, save);
	const el = element("div", "nbstream-file", stage, line);
	const picture = pictureView(signal);
	let player: ReturnType<typeof playerOf> | null = null;
	let painted: WireFile | null = null;
	signal.addEventListener("abort", () => player?.close());

	const paint = (file: WireFile) => {
		const type = file.media_type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
		const { data } = file;
		player?.close();
		player = null;
		stage.replaceChildren();
		line.querySelector(".nbstream-elsewhere")?.remove();
		if (data instanceof DataView && PICTURE.test(type)) {
			stage.append(picture.el);
			picture.show(data, type, file.filename ?? "", file.partial === true);
		} else if (data instanceof DataView && PLAYABLE.test(type) && !file.partial) {
			player = playerOf(data, type);
			stage.append(player.el);
		} else if (file.url) {
			facts.before(urlLine(file.url));
		}
		el.dataset.kind = PICTURE.test(type) && !file.url ? "picture" : "file";
		setText(name, file.filename ?? "");
		const size = file.size ? fileSize(file.size) : "";
		const notLoaded = file.size && !file.data ? "too large for the page, kept in Python" : "";
		setText(facts, [file.media_type, size, notLoaded].filter(Boolean).join(" · "));
		save.hidden = !(data instanceof DataView) || file.partial === true;
	};

	return {
		el,
		append() {},
		end() {},
		update(_, mayGrow) {
			if (part.file && part.file !== painted) {
				painted = part.file;
				paint(part.file);
			}
			const partial = part.file?.partial === true;
			note.classList.toggle("nbstream-busy", mayGrow);
			setText(note, partial ? (mayGrow ? "partial, more to come…" : "partial") : "");
		},
	};
};

/** A link to a file at a URL. No preview: a request would tell the server who reads this. */
function urlLine(url: string): HTMLElement {
	const link = webLink(url, "Open in a new tab");
	const where = element("span", "nbstream-source-host", link?.host ?? url);
	const text = element("span", "", link ? "A file at " : "A file whose address cannot be opened: ");
	return element("span", "nbstream-elsewhere", text, where, ...(link ? [link.el] : []));
}

/** Creates an audio or video player for the bytes of a file. */
function playerOf(data: DataView, type: string): { el: HTMLElement; close(): void } {
	const el = element(type.startsWith("audio/") ? "audio" : "video", "nbstream-player");
	const url = URL.createObjectURL(new Blob([data as BlobPart], { type }));
	el.controls = true;
	el.preload = "metadata";
	el.src = url;
	return { el, close: () => URL.revokeObjectURL(url) };
}

/**
 * A button that saves the file. A blob: URL has the notebook's own origin, so the bytes are
 * offered as a type that no browser opens, and under a safe name.
 */
function downloadButton(file: () => WireFile | null): HTMLButtonElement {
	const button = element("button", "nbstream-download", "Download");
	button.type = "button";
	button.addEventListener("click", () => {
		const { data, ...about } = file() ?? { media_type: "" };
		if (!(data instanceof DataView)) return;
		const blob = new Blob([data as BlobPart], { type: "application/octet-stream" });
		const link = element("a", "");
		link.href = URL.createObjectURL(blob);
		link.download = downloadName(about);
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER_MS);
	});
	return button;
}

/** The file name to save under: no folders, no invisible characters. */
export function downloadName({ filename = "", media_type }: WireFile): string {
	const own = filename
		.split(/[/\\]/)
		.at(-1)
		?.replace(/[^\p{L}\p{N} ._()-]/gu, "_")
		.replace(/^[. ]+/, "");
	const kind = /^\w+\/(?:x-)?([a-z0-9]{1,8})\b/i.exec(media_type)?.[1]?.toLowerCase() ?? "bin";
	return own || `answer.${kind === "jpeg" ? "jpg" : kind}`;
}
