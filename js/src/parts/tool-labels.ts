/**
 * The labels of the views for tools that providers run, such as "Searched the web".
 */

/** The label while the tool runs, and the label afterwards. */
export interface ToolLabel {
	readonly running: string;
	readonly done: string;
}

const LABELS: [RegExp, string, string][] = [
	[/^(?:web_search|google_search|search$)/, "Searching the web", "Searched the web"],
	[/^(?:file_search|knowledge_search)/, "Searching the files", "Searched the files"],
	[/^(?:web_fetch|url_context|open_page)/, "Reading the web", "Read the web"],
	[/^(?:text_editor|apply_patch)/, "Editing a file", "Edited a file"],
	[/^(?:bash|shell|local_shell)/, "Running commands", "Ran commands"],
	[/^(?:code_|program$)/, "Running code", "Ran code"],
	[/^image_generation/, "Drawing a picture", "Drew a picture"],
	[/^computer/, "Using the computer", "Used the computer"],
	[/^tool_search/, "Looking for tools", "Looked for tools"],
	[/^mcp_list_tools/, "Listing tools", "Listed tools"],
	[/^mcp_approval/, "Asking for approval", "Asked for approval"],
	[/^compaction/, "Shortening the conversation", "Shortened the conversation"],
	[/^fallback$/, "Changing the model", "Changed the model"],
	[/^container_upload/, "Saving a file", "Saved a file"],
];

/** The label for a tool's name. An unknown name gets "Used" and the name. */
export function toolLabel(toolName: string): ToolLabel {
	for (const [pattern, running, done] of LABELS)
		if (pattern.test(toolName)) return { running, done };
	const name = toolName.replaceAll("_", " ").trim() || "a tool";
	return { running: `Using ${name}`, done: `Used ${name}` };
}
