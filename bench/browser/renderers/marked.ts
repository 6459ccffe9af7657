import DOMPurify from "dompurify";
import { marked } from "marked";
import type { Mount } from "../page";

/** The whole text, once a frame: what most notebooks' chat extensions do. */
export const mount: Mount = (el) => {
	let text = "";
	let painted = "";
	const frame = () => {
		if (text === painted) return;
		painted = text;
		el.innerHTML = DOMPurify.sanitize(marked.parse(text, { async: false }));
	};
	return {
		push: (more) => {
			text += more;
		},
		frame,
		end: frame,
	};
};
