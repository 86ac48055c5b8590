export { BackLayers } from "./back-layers.ts";
export { openLayer, watchBack } from "./window-layers.ts";
