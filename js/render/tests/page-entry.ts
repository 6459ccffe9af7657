/**
 * What the tests in a real browser find on the page.
 */

import { highlight } from "../code/highlight";
import * as render from "../index";
import { drawMath } from "../math/formula";
import { sample } from "./sample";

declare global {
	interface Window {
		render: typeof render;
		highlight: typeof highlight;
		drawMath: typeof drawMath;
		sample: typeof sample;
		ready: boolean;
	}
}

window.render = render;
window.sample = sample;
window.highlight = highlight;
window.drawMath = drawMath;
window.ready = true;
