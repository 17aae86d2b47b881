import type { ReactNode } from 'react'
import { Notice } from './Notice.tsx'

interface Props {
  readonly what: string
  readonly href: string
  readonly to?: string
  readonly children?: ReactNode
}

/** An address that leads to nothing, and a way on. */
export const NoSuch = ({ what, href, to = 'the overview', children }: Props) => (
  <Notice title={`No such ${what}`} tone="warn">
    {children}
    <a className="btn" href={href}>
      To {to}
    </a>
  </Notice>
)
