/**
 * By how much a row of measurements grows from one to the next: the median of the slopes between all pairs (Theil and
 * Sen), which single outliers, as of a collection that came late, do not move.
 */
export function growthOf(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) slopes.push(((values[j] as number) - (values[i] as number)) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? Number.NaN;
}
