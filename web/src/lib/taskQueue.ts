/** Runs each piece of work in a task of its own and in order, so that the page can paint between; a hidden page is not slowed. */
export function taskQueue(): (work: () => void) => void {
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return (work) => {
    waiting.push(work)
    port2.postMessage(null)
  }
}
