/** Adapter for the browser benchmark that renders nothing, as the baseline. */

import type { Mount } from "../page";

/** Renders nothing: the cost of the page itself with its timer, frames and scrolling. */
export const mount: Mount = () => ({ push: () => {}, frame: () => {}, end: () => {} });
