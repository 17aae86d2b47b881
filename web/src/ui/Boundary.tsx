import { Component, type ReactNode } from 'react'
import { isPartMissing } from '../lib/part.ts'
import { Notice } from './Notice.tsx'

interface Props {
  readonly name: string
  /** Stands in its place when it broke; without it a notice says so. */
  readonly fallback?: ReactNode
  readonly children: ReactNode
}

/** One broken panel never blanks the page. */
export class Boundary extends Component<Props, { readonly broken: Error | null }> {
  override state: { readonly broken: Error | null } = { broken: null }

  static getDerivedStateFromError(broken: unknown) {
    return { broken: broken instanceof Error ? broken : new Error(String(broken)) }
  }

  override render() {
    const { broken } = this.state
    const { name, fallback, children } = this.props
    if (!broken) return children
    if (fallback !== undefined) return fallback
    // React keeps the refusal of a lazy part for good, so only a new page can ask for it again.
    if (isPartMissing(broken))
      return (
        <Notice title={`${name} could not be loaded`} tone="warn">
          <p>Jarvis may have been updated, or the connection broke off.</p>
          <button type="button" className="btn" onClick={() => location.reload()}>
            Reload the page
          </button>
        </Notice>
      )
    return (
      <Notice title={`${name} broke`} tone="bad">
        <p>{broken.message}</p>
        <button type="button" className="btn" onClick={() => this.setState({ broken: null })}>
          Try again
        </button>
      </Notice>
    )
  }
}
