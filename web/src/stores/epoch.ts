let current = 0

/** Whose screen it is, as a number: what was asked for in one is none of the next one's business. */
export const epoch = (): number => current

export const nextEpoch = (): void => void current++
