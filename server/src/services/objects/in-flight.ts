/**
 * Objects of which bytes are being stored and rows are not yet written. Only this process uses the objects folder, so what
 * is neither here nor in a row is on nobody's way: whoever removes such bytes asks here first, and then for the row.
 */
export class InFlight {
  readonly #ids = new Map<string, number>();

  has(objectId: string): boolean {
    return this.#ids.has(objectId);
  }

  /** While `work` runs, these are on their way. */
  async during<T>(objectIds: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const id of objectIds) this.#ids.set(id, (this.#ids.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const id of objectIds) {
        const left = (this.#ids.get(id) ?? 1) - 1;
        if (left > 0) this.#ids.set(id, left);
        else this.#ids.delete(id);
      }
    }
  }
}
