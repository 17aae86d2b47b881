import { Component, type ReactNode } from 'react'
import { Notice } from './Notice.tsx'

interface Props {
  readonly name: string
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
    if (!broken) return this.props.children
    return (
      <Notice title={`${this.props.name} broke`} tone="bad">
        <p>{broken.message}</p>
        <button type="button" className="btn" onClick={() => this.setState({ broken: null })}>
          Try again
        </button>
      </Notice>
    )
  }
}
