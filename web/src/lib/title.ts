import { useEffect } from 'react'

const BRAND = 'Jarvis'

/** Names the page in the browser's tab and history, the narrowest first. */
export function useTitle(...parts: readonly (string | null | undefined)[]): void {
  const title = [...parts.filter(Boolean), BRAND].join(' · ')
  useEffect(() => {
    document.title = title
    return () => {
      document.title = BRAND
    }
  }, [title])
}
