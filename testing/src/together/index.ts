/** Several people on one drive at once, and what must come of it. */

export type { Deed, PlayerOptions, Random } from "./players.ts";
export { describeDrive, Player, pick, randomFrom } from "./players.ts";
export { ModelBrokenError, TreeModel } from "./tree-model.ts";
