import type { Mount } from "../page";

/** What the page itself costs: the timer, the frames, the scrolling. */
export const mount: Mount = () => ({ push: () => {}, frame: () => {}, end: () => {} });
