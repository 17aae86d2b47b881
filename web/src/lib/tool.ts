import { path } from './match.ts'

/** A tool's name as one would say it, such as "Create snapshot". */
export const sayTool = (name: string): string => {
  const words = name.replaceAll('_', ' ').replace(/\bvm\b/g, 'VM')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Where a tool's own form stands, filled in with what is known. */
export function toolPath(tool: string, args: Readonly<Record<string, unknown>>): string {
  const known = Object.entries(args).map(([name, value]) => [name, String(value)])
  return `${path('tools', tool)}?${new URLSearchParams(known)}`
}
