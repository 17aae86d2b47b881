/** What a refusal means for whoever asked, by the stable code of the verdict; the server's own words say which thing it was. */
const meanings: Readonly<Record<string, string>> = {
  DENY_ARGS: 'Something that was filled in does not fit. Nothing was done.',
  DENY_BLACK: 'This destroys something for good, so Jarvis never does it. Use Proxmox itself if you have to.',
  DENY_BUDGET: 'Too much was asked for in a short time. Nothing was done; try again later.',
  DENY_EXPIRED: 'The time to decide was over. Nothing was done; ask for it again.',
  DENY_KILL: 'Everything is halted by the kill switch. Nothing was done; an administrator can let it go on.',
  DENY_PATH: 'This file or folder is out of bounds. Nothing was done.',
  DENY_PROTECTED:
    'It is protected, so nobody can do this from here. An administrator says what is protected.',
  DENY_QUESTION: 'It was a question, and a question changes nothing.',
  DENY_REPLAY: 'It was decided already, and is not done twice.',
  DENY_ROLE: 'Your account may not do this. An administrator can give it another role.',
  DENY_SSRF: 'This address is out of bounds. Nothing was done.',
  DENY_STATE: 'It is not, or no longer, as this needs it. Nothing was done; look at it and ask again.',
  DENY_TAINT: 'It was asked for by text from outside rather than by a person. Nothing was done.',
  NEEDS_FACTOR: 'The approval keyword did not fit. Nothing was done; you can try again.',
  NEEDS_HUMAN: 'A person has to say yes to this first. Nothing was done so far.',
  RUN_UNKNOWN: 'It has ended already, or somebody else began it.',
  APPROVAL_UNKNOWN: 'It is not known any more.',
  SAFETY_UNAVAILABLE: 'Nothing can be written down, so nothing is done.',
}

export const meaningOf = (code: string): string | null => meanings[code] ?? null

/** What it means, then the server's own words. */
export const inWords = (code: string, words: string): string =>
  [meaningOf(code), words].filter(Boolean).join(' ')
