import { create } from 'zustand'

interface Version {
  /** Whether the server hands out a newer page than this one. */
  readonly newer: boolean
  /** Whether a part of this page could not be fetched, though it is of the server's version. */
  readonly partMissing: boolean
}

export const useVersion = create<Version>(() => ({ newer: false, partMissing: false }))

export const newer = (): void => useVersion.setState({ newer: true })
