import { useState } from 'react'
import { type Choices, sorts, type Wish } from './select.ts'

interface Props {
  readonly wish: Wish
  readonly offered: Choices
  readonly shown: number
  readonly total: number
  readonly onWish: (wish: Wish) => void
  /** Asks what to do with all that are shown; null for who may only look. */
  readonly onChoose: (() => void) | null
}

const kinds = [
  { value: 'vm', word: 'Virtual machines' },
  { value: 'container', word: 'Containers' },
]

const plain = (values: readonly string[]) => values.map((value) => ({ value, word: value }))

export function Filters({ wish, offered, shown, total, onWish, onChoose }: Props) {
  const active = [wish.status, wish.node, wish.type, wish.tag].filter(Boolean).length
  const [open, setOpen] = useState(false)
  return (
    <search className="filters">
      <div className="filters-row">
        <input
          className="field"
          type="search"
          placeholder="Name, id, node, tag"
          aria-label="Search guests"
          value={wish.search}
          onChange={(event) => onWish({ ...wish, search: event.target.value })}
        />
        <button
          type="button"
          className="btn filters-more"
          aria-expanded={open}
          aria-controls="guest-filters"
          onClick={() => setOpen(!open)}
        >
          Filter{active > 0 ? ` (${active})` : ''}
        </button>
      </div>
      <div id="guest-filters" className="filters-grid" hidden={!open}>
        <Choice
          name="State"
          all="Any state"
          value={wish.status}
          options={plain(offered.status)}
          onChoose={(status) => onWish({ ...wish, status })}
        />
        <Choice
          name="Node"
          all="Any node"
          value={wish.node}
          options={plain(offered.node)}
          onChoose={(node) => onWish({ ...wish, node })}
        />
        <Choice
          name="Type"
          all="Any type"
          value={wish.type}
          options={kinds}
          onChoose={(type) => onWish({ ...wish, type })}
        />
        <Choice
          name="Tag"
          all="Any tag"
          value={wish.tag}
          options={plain(offered.tag)}
          onChoose={(tag) => onWish({ ...wish, tag })}
        />
      </div>
      <div className="filters-row filters-sum">
        <span role="status">
          {shown === total
            ? `${total.toLocaleString('en')} guests`
            : `${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`}
        </span>
        {onChoose && shown > 0 && (
          <button type="button" className="filters-act" onClick={onChoose}>
            Act on {shown === total ? 'all' : 'these'}
          </button>
        )}
        <label className="filters-sort">
          Sort by
          <select
            value={wish.sort}
            onChange={(event) => onWish({ ...wish, sort: event.target.value as Wish['sort'] })}
          >
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {sort === 'vmid' ? 'id' : sort}
              </option>
            ))}
          </select>
        </label>
      </div>
    </search>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly all: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly word: string }[]
  readonly onChoose: (value: string) => void
}

const Choice = ({ name, all, value, options, onChoose }: ChoiceProps) => (
  <select
    className="field"
    aria-label={name}
    value={value}
    onChange={(event) => onChoose(event.target.value)}
  >
    <option value="">{all}</option>
    {options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.word}
      </option>
    ))}
  </select>
)
