import type { Tier } from '../../contract/hubs.gen.ts'
import '../../ui/tier.css'

const words: Readonly<Record<Tier, string>> = {
  green: 'reads',
  yellow: 'harmless',
  red: 'interrupts or changes',
  orange: 'power over a host',
  black: 'never run',
}

/** The tier by its name and in words: a colour alone does not reach everybody. */
export const TierTag = ({ tier }: { tier: Tier }) => (
  <span className="tier" data-tier={tier}>
    {tier.toUpperCase()} <span>{words[tier]}</span>
  </span>
)
