import { type ReactNode, useEffect, useState } from 'react'
import { atFrontDoor, leadAdmin, leadNewcomer } from '../../hub/setup.ts'
import { useSession } from '../../stores/session.ts'
import { Boot } from '../boot/Boot.tsx'

/** What stands between a session and the screen: the checks, and for an administrator the offered set-up. */
export function Entrance({ children }: { readonly children: ReactNode }) {
  const admin = useSession((session) => session.role === 'admin')
  const [asked, setAsked] = useState(() => !admin || !atFrontDoor())
  useEffect(() => {
    if (asked) return
    void leadAdmin().then(() => setAsked(true))
  }, [asked])
  return <Boot>{asked && children}</Boot>
}

/** The sign-in, unless nobody could sign in because there is no account yet. */
export function FrontDoor({ children }: { readonly children: ReactNode }) {
  useEffect(() => void leadNewcomer(), [])
  return children
}
