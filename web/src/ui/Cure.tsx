import { useState } from 'react'

/** Lines to paste on a node, with a button that copies them. */
export function Cure({ lines }: { lines: readonly string[] }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no')
  if (lines.length === 0) return null
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join('\n'))
      setCopied('yes')
    } catch {
      setCopied('refused')
    }
  }
  return (
    <div className="cure">
      <pre>{lines.join('\n')}</pre>
      <button type="button" className="btn" onClick={() => void copy()}>
        {copied === 'no' && 'Copy'}
        {copied === 'yes' && 'Copied'}
        {copied === 'refused' && 'Select the lines to copy them'}
      </button>
    </div>
  )
}
