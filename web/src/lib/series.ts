type Values = readonly (number | null)[]

/** Where moments are missing between two, one unknown moment is put in, so that no line bridges the gap. */
export function withGaps(
  times: readonly number[],
  values: readonly Values[],
  step: number,
): { readonly times: number[]; readonly values: (number | null)[][] } {
  const filled: number[] = []
  const columns: (number | null)[][] = values.map(() => [])
  const put = (time: number, at: number | null) => {
    filled.push(time)
    for (const [i, column] of columns.entries()) column.push(at === null ? null : (values[i]?.[at] ?? null))
  }
  for (const [i, time] of times.entries()) {
    const before = times[i - 1]
    if (before !== undefined && step > 0 && time - before > 2.5 * step) put(before + step, null)
    put(time, i)
  }
  return { times: filled, values: columns }
}

/** At most `most` places of a long row, its last among them. */
export function thinned(length: number, most: number): readonly number[] {
  const stride = Math.max(1, Math.ceil(length / most))
  const places: number[] = []
  for (let i = length - 1; i >= 0; i -= stride) places.push(i)
  return places.reverse()
}
