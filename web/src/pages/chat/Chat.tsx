import { useEffect } from 'react'
import type { PageProps } from '../../app/page.ts'
import { useTitle } from '../../lib/title.ts'
import { useChats } from '../../stores/chat.ts'
import { Past } from './Past.tsx'
import { Talk } from './Talk.tsx'
import './chat.css'

/** Conversations with Jarvis: the chosen one, or a new one, and the others beside it. */
export default function Chat({ params }: PageProps) {
  useTitle('Chat')
  useEffect(() => useChats.setState({ wanted: true }), [])
  const id = params.id ?? null
  return (
    <article className="chat">
      <h1>Chat</h1>
      <Past chosen={id} />
      <Talk key={id ?? 'new'} id={id} />
    </article>
  )
}
