/**
 * A file: a picture is shown, sound and film can be played, anything else is
 * named and can be saved.
 *
 * Knows which bytes a browser shows harmlessly: the list of Python's
 * `file_part.py`, without SVG, which is a document. Refuses to fetch: what is
 * only an address is a link that the reader may follow.
 */

import { visible } from "../../render/markdown/dom/element";
import type { WireFile } from "../events";
import { bytes } from "../format";
import { element, type MakePartView, say } from "./part";
import { pictureView } from "./picture";
import { saveButton } from "./save";
import { webLink } from "./source";

const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
const PLAYED = /^(?:audio\/(?:mpeg|mp3|mp4|wav|x-wav|ogg|webm|flac|aac)|video\/(?:mp4|webm|ogg))$/;

export const fileView: MakePartView = (part, signal) => {
	const stage = element("div", "nbstream-stage");
	const name = element("span", "nbstream-file-name");
	const facts = element("span", "nbstream-file-facts");
	const note = element("span", "nbstream-busy nbstream-file-note");
	const save = saveButton(() => part.file);
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
			picture.show(data, type);
		} else if (data instanceof DataView && PLAYED.test(type) && !file.partial) {
			player = playerOf(data, type);
			stage.append(player.el);
		} else if (file.url) {
			facts.before(elsewhere(file.url));
		}
		el.dataset.kind = PICTURE.test(type) && !file.url ? "picture" : "file";
		say(name, visible(file.filename ?? ""));
		const size = file.size ? bytes(file.size) : "";
		const kept = file.size && !file.data ? "too large for the page: it stayed in Python" : "";
		say(facts, [visible(file.media_type), size, kept].filter(Boolean).join(" · "));
		save.hidden = !(data instanceof DataView) || file.partial === true;
	};

	return {
		el,
		append() {},
		end() {},
		update(_, goesOn) {
			if (part.file && part.file !== painted) {
				painted = part.file;
				paint(part.file);
			}
			const partial = part.file?.partial === true;
			note.classList.toggle("nbstream-busy", goesOn);
			say(note, partial ? (goesOn ? "partial, more to come…" : "partial") : "");
		},
	};
};

/** Not loaded: to ask for it would tell that server who reads this. */
function elsewhere(url: string): HTMLElement {
	const link = webLink(url, "Open in a new tab");
	const where = element("span", "nbstream-source-host", link?.host ?? visible(url));
	const words = element(
		"span",
		"",
		link ? "A file at " : "A file that cannot be opened from here: ",
	);
	return element("span", "nbstream-elsewhere", words, where, ...(link ? [link.el] : []));
}

function playerOf(data: DataView, type: string): { el: HTMLElement; close(): void } {
	const el = element(type.startsWith("audio/") ? "audio" : "video", "nbstream-player");
	const url = URL.createObjectURL(new Blob([data as BlobPart], { type }));
	el.controls = true;
	el.preload = "metadata";
	el.src = url;
	return { el, close: () => URL.revokeObjectURL(url) };
}
