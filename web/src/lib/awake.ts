/** Keeps the screen from going dark while the page is seen, where the browser offers that; returns how to stop. */
export function keepAwake(): () => void {
  let over = false
  let lock: WakeLockSentinel | null = null
  const ask = async () => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    try {
      lock = await navigator.wakeLock.request('screen')
      if (over) await lock.release()
    } catch {
      // Refused, for want of power or of a safe origin: the display has to be set so itself.
    }
  }
  void ask()
  // The browser takes it away whenever the page is hidden.
  const again = () => void ask()
  document.addEventListener('visibilitychange', again)
  return () => {
    over = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  }
}
