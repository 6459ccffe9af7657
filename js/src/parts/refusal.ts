/**
 * A refusal: the model says that it will not answer.
 *
 * Knows that it is shown as text with a quiet word before it. Refuses to judge.
 */

import { element, type MakePartView } from "./part";
import { growingText } from "./text";

export const refusalView: MakePartView = () => {
	const text = growingText(element("div", "nbstream-refusal-text"));
	const label = element("div", "nbstream-label", "Declined");
	return { ...text, el: element("div", "nbstream-refusal", label, text.el) };
};
