/** The longer side of a small picture. */
export const LONGEST_PX = 512;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** As large as a small picture may be, of the same shape; what is smaller stays as it is. */
export function fitted({ width, height }: Size): Size {
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
