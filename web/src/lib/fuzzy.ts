const PREFIX = 100
const WORD = 60
const INSIDE = 30
const LETTERS = 8

const isBreak = (text: string, at: number) => at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '')

/** Letters in order, though others stand between; the closer together the better. */
function scattered(word: string, text: string): number | null {
  let at = -1
  let first = -1
  for (const letter of word) {
    at = text.indexOf(letter, at + 1)
    if (at < 0) return null
    if (first < 0) first = at
  }
  const spread = at - first + 1
  return spread > word.length * 3 ? null : (LETTERS * word.length) / spread
}

function scoreWord(word: string, title: string, about: string): number | null {
  const at = title.indexOf(word)
  if (at === 0) return PREFIX + (word.length === title.length ? PREFIX : 0)
  if (at > 0) return isBreak(title, at) ? WORD : INSIDE
  const beside = about.indexOf(word)
  if (beside >= 0) return (isBreak(about, beside) ? WORD : INSIDE) / 2
  return word.length < 2 ? null : scattered(word, title)
}

/** How well a query finds something, both in lower case; null when it does not. Each of its words has to be found. */
export function score(words: readonly string[], title: string, about: string): number | null {
  let sum = 0
  for (const word of words) {
    const one = scoreWord(word, title, about)
    if (one === null) return null
    sum += one
  }
  // Of two that match alike the shorter is the closer one.
  return sum - title.length / 100
}

export const wordsOf = (query: string): readonly string[] => query.toLowerCase().split(/\s+/).filter(Boolean)

/** The best first and no more than `most`; of equals the one that came first. */
export function best<T>(
  all: readonly T[],
  query: string,
  most: number,
  texts: (item: T) => readonly [title: string, about: string],
): readonly T[] {
  const words = wordsOf(query)
  if (words.length === 0) return all.slice(0, most)
  const found: { readonly item: T; readonly rank: number }[] = []
  for (const item of all) {
    const [title, about] = texts(item)
    const rank = score(words, title, about)
    if (rank !== null) found.push({ item, rank })
  }
  return found
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ item }) => item)
}
