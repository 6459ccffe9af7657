/** Adapter for the browser benchmark: nbstream's Markdown renderer. */

import { createMarkdown } from "../../../js/render/index";
import type { Mount } from "../page";

export const mount: Mount = (el) => {
	const md = createMarkdown(el);
	return { push: md.push, frame: () => void md.render(), end: () => void md.end() };
};
