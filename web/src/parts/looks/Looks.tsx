import type { ReactNode } from 'react'
import { accents, densities, modes, schemes, useLayout } from '../../stores/layout.ts'
import { Choices } from '../../ui/Choices.tsx'

/** How the screen looks; `hint` tells of what the first choice does. */
export function Looks({ hint }: { readonly hint?: ReactNode }) {
  const { mode, scheme, density, accent } = useLayout()
  return (
    <>
      <Choices
        name="Look"
        all={modes}
        chosen={mode}
        onChoose={(choice) => useLayout.setState({ mode: choice })}
      />
      {hint}
      <Choices
        name="Theme"
        all={schemes}
        chosen={scheme}
        onChoose={(choice) => useLayout.setState({ scheme: choice })}
      />
      <Choices
        name="Accent"
        all={accents}
        chosen={accent}
        swatches
        onChoose={(choice) => useLayout.setState({ accent: choice })}
      />
      <Choices
        name="Density"
        all={densities}
        chosen={density}
        onChoose={(choice) => useLayout.setState({ density: choice })}
      />
    </>
  )
}
