/**
 * Compiles the regular expressions of the policy that Python and TypeScript share:
 * nbstream/display/policy/policy.json, which tells what each of them is for.
 */

/** Compiles a rule; `<name>` in it stands for the rule with that name. */
export function compile<Name extends string>(
	rules: Record<Name, string>,
	name: Name,
	flags = "i",
): RegExp {
	const expanded = (one: Name): string =>
		rules[one].replace(/<(\w+)>/g, (_, other: Name) => expanded(other));
	return new RegExp(expanded(name), flags);
}
