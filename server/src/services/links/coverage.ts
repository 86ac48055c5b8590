/** So many separate pieces are told apart; whoever asks for more of them is counted by the sum. */
const PIECES = 1_000;

/** How much of one object was sent, each byte counted once. */
export class Coverage {
  /** Sorted, without overlap. */
  #pieces: { start: number; end: number }[] = [];
  #beyond = 0;

  get bytes(): number {
    return this.#pieces.reduce((sum, { start, end }) => sum + end - start, this.#beyond);
  }

  add(start: number, end: number): void {
    if (this.#pieces.length >= PIECES) {
      this.#beyond += end - start;
      return;
    }
    let merged = { start, end };
    const apart = this.#pieces.filter((piece) => {
      if (piece.end < merged.start || piece.start > merged.end) return true;
      merged = { start: Math.min(piece.start, merged.start), end: Math.max(piece.end, merged.end) };
      return false;
    });
    this.#pieces = [...apart, merged].sort((a, b) => a.start - b.start);
  }
}
