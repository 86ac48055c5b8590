export { growthOf } from "./growth.ts";
export { type Measured, MeasuredServer } from "./measured-server.ts";
