import { create } from 'zustand'
import type { RunEvent, TurnEvent } from '../contract/hubs.gen.ts'
import type { ChatLine, ChatProposal, ChatToolLine } from '../contract/rest.gen.ts'
import type { Refusal } from './answers.ts'

/** An answer that is being given, as far as it has come. */
export interface Live {
  readonly runId: string
  readonly session: string
  /** Where its events are to be read on from. */
  readonly cursor: number
  readonly text: string
  readonly provider: string | null
  readonly model: string | null
  readonly reasons: readonly string[]
  readonly tools: readonly ChatToolLine[]
  /** How far a call is, by its id. */
  readonly progress: Readonly<Record<string, string>>
  readonly proposals: readonly ChatProposal[]
  readonly unproven: string | null
  readonly over: boolean
}

/** A conversation that is looked at. */
export interface Talk {
  /** Null before they were read. */
  readonly lines: readonly ChatLine[] | null
  readonly refusal: Refusal | null
}

export const useChats = create<{
  /** Somebody looks at conversations: from then on they are followed. */
  readonly wanted: boolean
  readonly linked: boolean
  readonly talks: Readonly<Record<string, Talk>>
  /** By the conversation that the answer is given in. */
  readonly live: Readonly<Record<string, Live>>
  /** Grows whenever the list of conversations is another. */
  readonly listed: number
  /** Who is to answer; empty for whoever suits. */
  readonly speaker: string
}>(() => ({ wanted: false, linked: false, talks: {}, live: {}, listed: 0, speaker: '' }))

export const forgetChats = (): void =>
  useChats.setState({ wanted: false, talks: {}, live: {}, listed: 0, speaker: '' })

export const begun = (runId: string, session: string): Live => ({
  runId,
  session,
  cursor: 0,
  text: '',
  provider: null,
  model: null,
  reasons: [],
  tools: [],
  progress: {},
  proposals: [],
  unproven: null,
  over: false,
})

export const setTalk = (id: string, talk: Talk): void =>
  useChats.setState(({ talks }) => ({ talks: { ...talks, [id]: talk } }))

export function setLive(session: string, live: Live | null): void {
  useChats.setState(({ live: { [session]: _, ...others } }) => ({
    live: live === null ? others : { ...others, [session]: live },
  }))
}

const change = (live: Live, callId: string, by: Partial<ChatToolLine>): Live => ({
  ...live,
  tools: live.tools.map((tool) => (tool.callId === callId ? { ...tool, ...by } : tool)),
})

const paragraph = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n\n`)

type Kinds = { [K in TurnEvent['$type']]: (live: Live, event: Extract<TurnEvent, { $type: K }>) => Live }

const kinds: Kinds = {
  begun: (live) => live,
  routed: (live, { provider, model, reasons }) => ({
    ...live,
    provider,
    model,
    reasons: [...live.reasons, ...reasons],
  }),
  token: (live, { text }) => ({ ...live, text: live.text + text }),
  toolStarted: (live, { callId, tool, args, tier }) => ({
    ...live,
    text: paragraph(live.text),
    tools: [
      ...live.tools,
      {
        callId,
        name: tool,
        args,
        tier,
        status: null,
        verdict: null,
        isError: false,
        summary: null,
        auditId: null,
        approvalId: null,
        milliseconds: null,
      },
    ],
  }),
  toolProgress: (live, { callId, text, share }) => ({
    ...live,
    progress: {
      ...live.progress,
      [callId]: share === null ? text : `${Math.round(share * 100)} %: ${text}`,
    },
  }),
  toolFinished: (live, { callId, status, verdict, isError, summary, auditId, milliseconds }) =>
    change(live, callId, { status, verdict, isError, summary, auditId, milliseconds }),
  approvalNeeded: (live, { callId, approvalId }) => change(live, callId, { approvalId }),
  proposed: (live, { tool, args }) => ({ ...live, proposals: [...live.proposals, { tool, args }] }),
  unproven: (live, { sentence }) => ({ ...live, unproven: sentence }),
  usage: (live) => live,
  finished: (live) => ({ ...live, over: true }),
  failed: (live, { message }) => ({ ...live, text: paragraph(live.text) + message, over: true }),
}

/** What a run tells, once and in its order: what was told before is passed over. */
export function told({ runId, cursor, happened }: RunEvent): void {
  const live = Object.values(useChats.getState().live).find((each) => each.runId === runId)
  if (!live || cursor <= live.cursor) return
  const apply = kinds[happened.$type] as (live: Live, event: TurnEvent) => Live
  setLive(live.session, { ...apply(live, happened), cursor })
}
