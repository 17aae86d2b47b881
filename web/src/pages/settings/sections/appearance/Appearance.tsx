import { accents, densities, modes, resetLayout, schemes, useLayout } from '../../../../stores/layout.ts'
import { Choices } from '../../../../ui/Choices.tsx'

export default function Appearance() {
  const { mode, scheme, density, accent } = useLayout()
  return (
    <>
      <section className="settings-block settings-choices">
        <p>These choices are kept in this browser.</p>
        <Choices
          name="Look"
          all={modes}
          chosen={mode}
          onChoose={(choice) => useLayout.setState({ mode: choice })}
        />
        <p className="entry-hint">
          Jarvis glows and moves, ops only glows, minimal does neither and spares a weak machine.
        </p>
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
      </section>
      <section className="settings-block" aria-labelledby="panels-title">
        <h2 id="panels-title">Panels</h2>
        <p>Panels that were collapsed or moved go back to where they were made to be.</p>
        <div className="form-buttons">
          <button type="button" className="btn" onClick={resetLayout}>
            Put the panels back
          </button>
        </div>
      </section>
    </>
  )
}
