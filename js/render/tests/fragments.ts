/**
 * Fragments of Markdown that are joined at random, to test that every prefix of a text looks as
 * a new rendering of it does.
 */

export const fragments: Record<string, readonly string[]> = {
	tags: "<sub>|</sub>|<sup>|</sup>|<kbd>|</kbd>|<mark>|</mark>|<br>|<br/>|a| b|**|*|_|[|](http://a.b)|`|\n|\n\n|~~|x |<b>|</b>|<sub x=1>|- |> ".split(
		"|",
	),
	folds: [
		..."<details>|</details>|<summary>|</summary>|\n|\n\n|text| x|- |> |  |    |```\n|# H|**|<details open>|</details>\n|<summary>S</summary>|<div>|[a]: /u|1. |$$|!|\\[|<br>|[^1]|[^1]: ".split(
			"|",
		),
		"| a |\n|---|\n",
	],
	"raw HTML":
		'<div>|</div>|<!--|-->|<script>|</script>|<pre>|\n|\n\n|a| *b* |<a href="x">|<|>|**|<?|?>|- |```\n'.split(
			"|",
		),
	formulas:
		"$|$$|$$$|\\(|\\)|\\[|\\]|x|Note| |1|5|\n|\n\n|th|s|{a}|/|:|\\begin{align}|\\end{align}|\\begin{pmatrix}|\\end{pmatrix}|\\be|\\alpha|^2|=|.|`|*|- |设|\\begin{itemize}|\\".split(
			"|",
		),
	"Chinese, Japanese and Korean":
		"**|*|_|~~|太好了|🎉|。|“|”|（|）|a| |\ufe00|\ufe0f|\u{e0100}|한글|は|!|、|http://a.b/|www.a.b|a@b.co|\n|`|[|]|，|__".split(
			"|",
		),
	addresses:
		"http://|www.|a|.b|@|x.y|~~|_|*|>|<|1|-|/|(|)| |\n|.co|。|react@18.2.0|!|&amp;|<1@b.co>|https://a.b|]|[|`|#".split(
			"|",
		),
	footnotes: [
		..."[^1];[^1]: ;[^2]: ;[^2];[^1]:;a;!;    ;\t;\n;\n\n;  ; b;\f;- ;> ;[;];`;*;**;<;$;\\;&;http://a.b;```\n;[r];[r]: /u\n;# ".split(
			";",
		),
		"|a|\n",
		"|-|\n",
	],
	spaces: "a;\f;\v; ;\t;\u00a0;\n;\n\n;*;# ;#;- ;> ;`;|;|-|\n;[a]:;/u;\ufeff;!;\r;\\;===;---".split(
		";",
	),
	headings: [
		..."# ;#; #;a;http://x.y;~~;*;`;\n; ;\t;[;](b);!;<;\\#;- ;> ;www.x.y>".split(";"),
		"many long words ".repeat(12),
	],
};
fragments["all of them"] = Object.values(fragments).flat();
