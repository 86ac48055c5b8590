import type { ReactNode } from "react";
import type { OpenedFile } from "../../lib/session/index.ts";

export interface ViewProps {
  readonly opened: OpenedFile;
  /** The way out that is always there: the download. */
  readonly wayOut: ReactNode;
  /** Opens it anew. */
  readonly retry: ReactNode;
  /** What was learned of it by looking. */
  readonly onDimensions: (dimensions: Dimensions) => void;
}

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}
