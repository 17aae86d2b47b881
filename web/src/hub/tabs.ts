/** What tabs of one browser tell each other; the cookie is all of theirs. */
export type Word = 'signed in' | 'signed out'

let channel: BroadcastChannel | null = null

export const tellTabs = (word: Word): void => channel?.postMessage(word)

export function followTabs(heard: (word: Word) => void): void {
  if (!('BroadcastChannel' in globalThis)) return
  channel?.close()
  channel = new BroadcastChannel('jarvis-session')
  channel.onmessage = ({ data }: MessageEvent<Word>) => heard(data)
}
