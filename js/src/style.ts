/** The style sheet of the views of answers. */

import markdown from "../render/style.css";
import failure from "./failure.css";
import footer from "./footer.css";
import builtin from "./parts/builtin.css";
import cite from "./parts/cite.css";
import disclosure from "./parts/disclosure.css";
import file from "./parts/file.css";
import follow from "./parts/follow.css";
import part from "./parts/part.css";
import picture from "./parts/picture.css";
import result from "./parts/result.css";
import source from "./parts/source.css";
import text from "./parts/text.css";
import tool from "./parts/tool.css";
import sources from "./sources.css";
import stop from "./stop.css";
import base from "./style.css";
import { addSheet } from "./style-sheet";
import view from "./view.css";

// In the order of the cascade: general rules first, then the shared parts.
const css = [
	...[base, view, part, markdown, text],
	...[follow, disclosure, builtin, result, source, sources, cite],
	...[file, picture, tool],
	...[failure, footer, stop],
].join("\n");

/** Adds a style sheet, by default that of the views, to the document of an element. */
export function addStyle(el: HTMLElement, sheet = css): void {
	addSheet(el, sheet);
}
