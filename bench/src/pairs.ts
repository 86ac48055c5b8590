import { type Summary, summarize } from "./statistics.ts";

/** One measured run, in any units; the names become columns. */
export type Measures = Readonly<Record<string, number>>;

export interface PairOptions {
  /** How many times both are run, one after the other. */
  readonly pairs: number;
  readonly product: (round: number) => Promise<Measures>;
  readonly peer: (round: number) => Promise<Measures>;
  readonly onPair?: (round: number, product: Measures, peer: Measures) => void;
}

export interface PairResult {
  readonly product: Readonly<Record<string, Summary>>;
  readonly peer: Readonly<Record<string, Summary>>;
  /** product / peer, pair by pair. */
  readonly ratio: Readonly<Record<string, Summary>>;
  readonly samples: readonly { readonly product: Measures; readonly peer: Measures }[];
}

/** Product and peer in turn, the order changing every round, so that a drift of the machine meets both. */
export async function runPairs({ pairs, product, peer, onPair }: PairOptions): Promise<PairResult> {
  const samples: { product: Measures; peer: Measures }[] = [];
  for (let round = 0; round < pairs; round++) {
    const productFirst = round % 2 === 0;
    const first = productFirst ? await product(round) : await peer(round);
    const second = productFirst ? await peer(round) : await product(round);
    const sample = productFirst ? { product: first, peer: second } : { product: second, peer: first };
    samples.push(sample);
    onPair?.(round, sample.product, sample.peer);
  }
  const names = Object.keys(samples[0]?.product ?? {});
  const column = (pick: (sample: (typeof samples)[number], name: string) => number) =>
    Object.fromEntries(names.map((name) => [name, summarize(samples.map((sample) => pick(sample, name)))]));
  return {
    product: column((sample, name) => sample.product[name] ?? Number.NaN),
    peer: column((sample, name) => sample.peer[name] ?? Number.NaN),
    ratio: column((sample, name) => (sample.product[name] ?? Number.NaN) / (sample.peer[name] ?? Number.NaN)),
    samples,
  };
}
