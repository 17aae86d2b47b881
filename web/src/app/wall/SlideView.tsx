import type { Slide } from '../../stores/slides.ts'
import { Bar } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'

export const SlideView = ({ slide: { title, rows } }: { slide: Slide }) => (
  <section className="wall-slide" aria-label={title}>
    <h2>{title}</h2>
    <ul>
      {rows.map((row) => (
        <li key={row.id}>
          <Mark {...look(row.state)} label={row.state} />
          <span className="wall-title">{row.title}</span>
          {row.value && <span className="wall-value">{row.value}</span>}
          {row.part && <Bar label={`${row.title}, ${row.part.of}`} fraction={row.part.fraction} />}
        </li>
      ))}
    </ul>
  </section>
)
