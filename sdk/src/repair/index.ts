/** Finding what is damaged in a drive, and mending it by ordinary commits. */

export type { Examination, ExamineOptions, RepairOptions } from "./repair.ts";
export { isMendable, Repair } from "./repair.ts";
export type { Salvaged, SalvageOptions } from "./salvage.ts";
export { salvage } from "./salvage.ts";
export type * from "./types.ts";
