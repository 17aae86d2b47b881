// The page of figures, written where docs/performance.md lies.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { bounds } from './bounds.mjs'
import { root } from './stack.mjs'

const field = (file, name, otherwise) =>
  new RegExp(`^${name}\\s*[:=]\\s*"?([^"\\n]+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? otherwise
const seconds = (milliseconds) => (milliseconds / 1_000).toFixed(2)
const table = (head, rows) => [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

export function writePage({ desktop, mobile, fleet, chromium, lighthouse, load }) {
  const commit = process.env.JARVIS_COMMIT ?? execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const text = `# How the screen performs

Written by \`bench/run.sh --lighthouse\` alone, which measures every figure anew and fails beyond a bound. Lighthouse
looks at every page of the production build, handed out by the published server with its simulated cluster, the cache
empty. Work of others on the machine only ever adds, so a page that falls short is looked at up to three times and the
best look counts.

- Commit: ${commit}, ${new Date().toISOString().slice(0, 10)}
- Processor: ${field('/proc/cpuinfo', 'model name', 'unknown')}, ${availableParallelism()} cores
- Memory: ${(totalmem() / 1e9).toFixed(1)} GB
- System: ${field('/etc/os-release', 'PRETTY_NAME', process.platform)}, ${chromium}, Lighthouse ${lighthouse}
- Load of the machine before and after, of the last minute: ${load.map((each) => each.toFixed(1)).join(' and ')}

## Every page, as on a desk

Points of 100; bounds: accessibility ≥ ${bounds.accessibility}, best practices ≥ ${bounds.practices}, performance ≥ ${bounds.performance}.

${table(
  ['page', 'accessibility', 'best practices', 'performance', 'first paint', 'largest paint', 'blocked', 'shift'],
  desktop.map((row) => [row.name, row.accessibility, row.practices, row.performance, `${seconds(row.first)} s`, `${seconds(row.largest)} s`, `${Math.round(row.blocked)} ms`, row.shift.toFixed(3)]),
)}

## The first load, as on a slow phone

Lighthouse's mobile profile: a processor four times slower, 1.6 Mbit/s, 150 ms there and back. Bound: interactive
< ${seconds(bounds.interactive)} s.

${table(
  ['page', 'interactive', 'first paint', 'largest paint', 'blocked', 'performance'],
  mobile.map((row) => [row.name, `${seconds(row.interactive)} s`, `${seconds(row.first)} s`, `${seconds(row.largest)} s`, `${Math.round(row.blocked)} ms`, row.performance]),
)}

## 5 000 guests

Read from Chromium's trace by \`web/tests/measured/fleet.spec.ts\`, which holds the bounds; a long task is one of 50 ms or more.

${table(['', '', 'bound'], fleet)}
`
  writeFileSync(join(root, 'docs/screen-performance.md'), text)
}
