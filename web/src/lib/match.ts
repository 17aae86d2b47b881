/** `/c/:cluster/node/:node` against a path; null when it is another page. A last part like `:tab?` may be missing. */
export function match(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  if (wanted.at(-1)?.endsWith('?') && wanted.length === given.length + 1) wanted.pop()
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (part.startsWith(':')) found[part.slice(1).replace('?', '')] = decode(value)
    else if (part !== value) return null
  }
  return found
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const path = (...parts: (string | number)[]): string =>
  `/${parts.map((part) => encodeURIComponent(part)).join('/')}`
