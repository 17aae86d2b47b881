import { tools as askTools } from '../../api/gate.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { verdicts, type Wish } from './rows.ts'

interface Props {
  readonly wish: Wish
  readonly onWish: (wish: Wish) => void
}

/** Which rows are wanted. */
export function Seek({ wish, onWish }: Props) {
  const { value: tools } = useAnswer('tools', askTools)
  const set = (name: keyof Wish) => (event: { target: { value: string } }) =>
    onWish({ ...wish, [name]: event.target.value })
  const most = 200
  return (
    <search className="audit-seek">
      <input
        className="field"
        type="search"
        aria-label="Who asked"
        placeholder="Who, such as person:admin"
        maxLength={most}
        value={wish.actor}
        onChange={set('actor')}
      />
      <input
        className="field"
        type="search"
        aria-label="Part of the text"
        placeholder="Part of the text"
        maxLength={most}
        value={wish.text}
        onChange={set('text')}
      />
      <select className="field row-choice" aria-label="Tool" value={wish.tool} onChange={set('tool')}>
        <option value="">All tools</option>
        {tools?.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        className="field row-choice"
        aria-label="Verdict"
        value={wish.verdict}
        onChange={set('verdict')}
      >
        <option value="">All verdicts</option>
        {verdicts.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <label>
        From <input className="field" type="date" value={wish.from} onChange={set('from')} />
      </label>
      <label>
        Until <input className="field" type="date" value={wish.until} onChange={set('until')} />
      </label>
    </search>
  )
}
