/** The highlighter together with its style sheet: both in one file, for a page that loads it late. */

export { highlight } from "./highlight";
export { default as css } from "./style.css";
