/**
 * The entry point of the file that draws the cards of requests. The page loads it with the first.
 */

export { cardsIn } from "./cards";
export { updateRequests } from "./requests";
