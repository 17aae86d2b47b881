import { Looks } from '../../../../parts/looks/Looks.tsx'
import { resetLayout } from '../../../../stores/layout.ts'

export default function Appearance() {
  return (
    <>
      <section className="settings-block settings-choices">
        <p>These choices are kept in this browser.</p>
        <Looks
          hint={
            <p className="entry-hint">
              Jarvis glows and moves, ops only glows, minimal does neither and spares a weak machine.
            </p>
          }
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
