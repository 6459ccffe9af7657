/**
 * The script of the page in browser tests: it puts the module on `window`.
 */

import { highlight } from "../code/highlight";
import { createForm } from "../form/form";
import * as render from "../index";
import { drawMath } from "../math/formula";
import { random, sample } from "./sample";

declare global {
	interface Window {
		render: typeof render;
		createForm: typeof createForm;
		highlight: typeof highlight;
		drawMath: typeof drawMath;
		sample: typeof sample;
		random: typeof random;
		ready: boolean;
	}
}

window.render = render;
window.createForm = createForm;
window.sample = sample;
window.random = random;
window.highlight = highlight;
window.drawMath = drawMath;
window.ready = true;
