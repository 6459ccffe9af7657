/**
 * The entry point of the file that draws typed answers. The page loads it with the first of them.
 */

export { outputView } from "./parts/output";
