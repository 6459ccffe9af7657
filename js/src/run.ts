/**
 * The entry point of the file that draws what only an agent's run has. The page loads it with the
 * first run that calls a tool.
 */

export { callView } from "./run/call";
export { drawStep } from "./run/step";
