import { BackLayers } from "./back-layers.ts";

/** Where browsers tell how far one has gone. */
interface WithNavigation {
  readonly navigation?: { readonly currentEntry: { readonly index: number } | null };
}

const layers = new BackLayers({
  get state() {
    return history.state as unknown;
  },
  get index() {
    return (globalThis as WithNavigation).navigation?.currentEntry?.index;
  },
  get address() {
    return location.href;
  },
  push: (state) => history.pushState(state, ""),
  go: (steps) => history.go(steps),
  later: (work) => void setTimeout(work, 0),
});

/** Before the router listens: it need not hear of steps that leave the page as it is. */
export function watchBack(): void {
  addEventListener("popstate", (event) => {
    if (layers.moved()) event.stopImmediatePropagation();
  });
}

/** See BackLayers.open. */
export function openLayer(close: () => void): () => void {
  return layers.open(close);
}
