/** Adapter for the browser benchmark: nbstream's JSON renderer. */

import { createJson } from "../../../js/render/index";
import type { Mount } from "../page";

export const mount: Mount = (el) => {
	const json = createJson(el);
	return { push: json.push, frame: () => void json.render(), end: () => void json.end() };
};
