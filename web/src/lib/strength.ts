export const SHORTEST = 8
export const LONGEST = 1_024

export interface Strength {
  /** 0 is not legal, 4 is strong. */
  readonly score: 0 | 1 | 2 | 3 | 4
  readonly words: string
}

const words = ['too short', 'easy to guess', 'weak', 'good', 'strong'] as const
const common = /password|passwort|qwert|asdf|letmein|welcome|admin|proxmox|jarvis|12345|abcde|iloveyou/i

/** A hint, not a gate: how many guesses the password's length and variety would cost. */
export function strength(password: string, user = ''): Strength {
  const of = (score: Strength['score']) => ({ score, words: words[score] })
  if (password.length < SHORTEST) return of(0)
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length
  const distinct = new Set(password).size
  const named = user.length > 2 && password.toLowerCase().includes(user.toLowerCase())
  const bits = Math.min(password.length, distinct * 1.5) * ([0, 4, 4.6, 5.2, 5.7][classes] ?? 0)
  const worth = bits * (named || common.test(password) ? 0.5 : 1)
  if (worth < 34) return of(1)
  if (worth < 52) return of(2)
  return of(worth < 72 ? 3 : 4)
}
