/**
 * Extracts the text from a recorded response (server-sent events) of a provider, for the
 * demo page. It is a simplification: the real parsers are in Python.
 */

/** The text in a recording; a file that is not `.sse` is the text itself. */
export function textOf(name: string, content: string): string {
	if (!name.endsWith(".sse")) return content;
	let text = "";
	for (const line of content.split(/\r?\n/)) {
		if (!line.startsWith("data:")) continue;
		try {
			text += delta(JSON.parse(line.slice(5)));
		} catch {
			// "[DONE]" and other data that is not JSON.
		}
	}
	return text;
}

/** The fields with text in the events of several providers. */
interface Wire {
	type?: string;
	delta?: string | { text?: string; partial_json?: string };
	choices?: { delta?: { content?: string } }[];
	candidates?: { content?: { parts?: { text?: string }[] } }[];
}

/** The text of one event, or "". */
function delta(event: Wire): string {
	if (typeof event.delta === "string") return event.delta;
	const parts = event.candidates?.[0]?.content?.parts ?? [];
	return (
		event.delta?.text ??
		event.delta?.partial_json ??
		event.choices?.[0]?.delta?.content ??
		parts.map((part) => part.text ?? "").join("")
	);
}
