import { type ComponentProps, useRef, useState } from 'react'
import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'

/** A block of code with a button that copies it. */
function Pre({ children }: ComponentProps<'pre'>) {
  const block = useRef<HTMLPreElement>(null)
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(block.current?.textContent ?? '')
    setCopied(true)
  }
  return (
    <div className="chat-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
      {'clipboard' in navigator && (
        <button type="button" onClick={() => void copy().catch(() => {})}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  )
}

// A picture of somebody's server would tell it that this was read: its words stand in its place.
const Picture = ({ alt = '' }: ComponentProps<'img'>) => <em>[picture{alt && `: ${alt}`}]</em>

const Link = ({ href, children }: ComponentProps<'a'>) => {
  const own = href?.startsWith('/') && !href.startsWith('//')
  return own ? (
    <a href={href}>{children}</a>
  ) : (
    <a href={href} title={href} target="_blank" rel="noreferrer noopener nofollow">
      {children}
    </a>
  )
}

const Table = ({ children }: ComponentProps<'table'>) => (
  <div className="chat-table">
    <table>{children}</table>
  </div>
)

const plugins = [remarkGfm]
const components = { pre: Pre, img: Picture, a: Link, table: Table }

/** What a model wrote; no markup of its own gets into the page, and nothing is fetched for it. */
export default function Markdown({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} skipHtml>
      {text}
    </ReactMarkdown>
  )
}
