/**
 * Ops for the demo page's scenes with tools that the provider runs, sources and files.
 */

import type { Op } from "./src/wire-ops";

const SOURCES = [
	{
		url: "https://en.wikipedia.org/wiki/Fresnel_lens",
		title: "Fresnel lens - Wikipedia",
		cited_text: "The first Fresnel lens was used in 1823 in the Cordouan lighthouse.",
	},
	{
		url: "https://uslhs.org/fresnel-lens",
		title:
			"The Fresnel Lens: A Century of Service to the Lighthouses of the World, with a title that does not end",
	},
	{
		url: "https://www.trinityhouse.co.uk/lighthouse-vessels/north-foreland-lighthouse",
		title: "North Foreland Lighthouse",
	},
	{ title: "keepers-log.pdf" },
];

/** A web search with its sources. */
export const searched: Op[] = [
	{ kind: "builtin_tool_start", index: 0, tool_call_id: "s1", tool_name: "web_search" },
	{
		kind: "builtin_tool_delta",
		index: 0,
		inputs: ["when was the Fresnel lens first used in a lighthouse"],
	},
	{
		kind: "builtin_tool_end",
		index: 0,
		inputs: ["when was the Fresnel lens first used in a lighthouse"],
	},
	{
		kind: "builtin_tool_result",
		index: 1,
		tool_call_id: "s1",
		tool_name: "web_search",
		sources: SOURCES,
		source_count: 24,
	},
	{ kind: "builtin_tool_start", index: 2, tool_call_id: "s2", tool_name: "web_fetch" },
	{ kind: "builtin_tool_end", index: 2, inputs: ["https://en.wikipedia.org/wiki/Fresnel_lens"] },
	{
		kind: "builtin_tool_result",
		index: 3,
		tool_call_id: "s2",
		tool_name: "web_fetch",
		is_error: true,
		output: "url_not_accessible",
	},
	{ kind: "text_start", index: 4 },
	{ kind: "text_delta", index: 4, chunk: "Fresnel’s lens was first lit " },
	{ kind: "text_end", index: 4 },
	{ kind: "text_start", index: 5 },
	{ kind: "text_delta", index: 5, chunk: "in the Cordouan lighthouse in 1823" },
	{ kind: "citation", index: 5, citation: SOURCES[0] as object },
	{ kind: "citation", index: 5, citation: SOURCES[1] as object },
	{ kind: "text_end", index: 5 },
	{ kind: "text_start", index: 6 },
	{
		kind: "text_delta",
		index: 6,
		chunk: ", at the mouth of the Gironde. The last keeper in Britain left North Foreland in 1998.",
	},
	{ kind: "citation", index: 6, citation: SOURCES[2] as object },
	{ kind: "citation", index: 6, citation: SOURCES[0] as object },
	{ kind: "citation", index: 6, citation: SOURCES[3] as object },
	{ kind: "text_end", index: 6 },
];

const CODE = `import math

def dip(height):
    """How far the horizon is, in nautical miles."""
    return 1.17 * math.sqrt(height * 3.281)

for height in (10, 30, 60):
    print(f"{height} m: {dip(height):.1f} nmi")`;

/** Code that the provider ran, and its output. */
export const ran: Op[] = [
	{ kind: "builtin_tool_start", index: 0, tool_call_id: "c1", tool_name: "code_execution" },
	{ kind: "builtin_tool_delta", index: 0, chunk: CODE },
	{ kind: "builtin_tool_end", index: 0 },
	{
		kind: "builtin_tool_result",
		index: 1,
		tool_call_id: "c1",
		tool_name: "code_execution",
		output: "10 m: 6.7 nmi\n30 m: 11.6 nmi\n60 m: 16.4 nmi",
	},
	{ kind: "text_start", index: 2 },
	{
		kind: "text_delta",
		index: 2,
		chunk: "From the gallery, at sixty metres, one sees for sixteen miles.",
	},
	{ kind: "text_end", index: 2 },
];

const view = (bytes: Uint8Array) => new DataView(bytes.buffer as ArrayBuffer);

/** The bytes of a picture of a lighthouse; blurred if it is partial. */
function drawn(partial: boolean): DataView {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [480, 300];
	const c = canvas.getContext("2d") as CanvasRenderingContext2D;
	if (partial) c.filter = "blur(9px)";
	const sky = c.createLinearGradient(0, 0, 0, 300);
	for (const [at, color] of [
		[0, "#22305a"],
		[0.6, "#c77d7d"],
		[0.75, "#f2c48d"],
	] as const)
		sky.addColorStop(at, color);
	const box = (color: string | CanvasGradient, ...r: [number, number, number, number]) => {
		c.fillStyle = color;
		c.fillRect(...r);
	};
	box(sky, 0, 0, 480, 300);
	box("#26344f", 0, 220, 480, 80);
	box("#e9e4dc", 330, 90, 34, 140);
	box("#a9463c", 330, 130, 34, 30);
	box("#fff2b8", 336, 72, 22, 18);
	box("#26211f", 332, 64, 30, 8);
	c.fillStyle = "#fff2b833";
	c.beginPath();
	c.moveTo(336, 80);
	c.lineTo(0, 20);
	c.lineTo(0, 120);
	c.fill();
	const base64 = canvas.toDataURL("image/png").split(",")[1] ?? "";
	return view(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}

/** A generated picture, or a partial version of it. */
export function picture(partial: boolean): Op[] {
	const data = drawn(partial);
	return [
		{ kind: "builtin_tool_start", index: 0, tool_call_id: "p1", tool_name: "image_generation" },
		{ kind: "builtin_tool_end", index: 0 },
		{ kind: "file", index: 1, media_type: "image/png", size: data.byteLength, data, partial },
	];
}

/** Files of several formats. */
export const files: Op[] = [
	{
		kind: "file",
		index: 2,
		media_type: "text/csv",
		filename: "lights.csv",
		size: 12_345,
		data: view(new Uint8Array(12_345)),
	},
	{
		kind: "file",
		index: 3,
		media_type: "image/png",
		url: "https://cdn.example.org/pictures/1.png",
	},
	{ kind: "file", index: 4, media_type: "video/mp4", filename: "storm.mp4", size: 48_000_000 },
];

/** Sources, files and tools with unsafe names and addresses. */
export const hostile: Op[] = [
	{
		kind: "builtin_tool_start",
		index: 0,
		tool_call_id: "h1",
		tool_name: "<b>mcp</b>_\u202egnp.exe",
	},
	{
		kind: "builtin_tool_end",
		index: 0,
		inputs: ["<img src=x onerror=alert(1)>".repeat(9)],
		details: ["a: <script>", "b: \u202ereversed"],
	},
	{
		kind: "builtin_tool_result",
		index: 1,
		tool_call_id: "h1",
		output: "<script>alert(1)</script>".repeat(40),
		sources: [
			{ url: "javascript:alert(1)", title: "trap" },
			{ url: "https://user@evil.example/", title: "google.com" },
			{ url: `https://${"a.".repeat(60)}evil.example/`, title: "paypal.com" },
			{ url: "/lab/tree/secret", title: "same origin" },
			{ url: "https://a.example/", title: "W".repeat(300), cited_text: '"><b>' },
		],
		source_count: 5,
	},
	{
		kind: "file",
		index: 2,
		media_type: "image/svg+xml",
		filename: "../../\u202egvs.exe",
		size: 4,
		data: view(new Uint8Array(4)),
	},
	{ kind: "file", index: 3, media_type: "image/png", size: 4, data: view(new Uint8Array(4)) },
];
