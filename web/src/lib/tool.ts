/** A tool's name as one would say it, such as "Create snapshot". */
export const sayTool = (name: string): string => {
  const words = name.replaceAll('_', ' ').replace(/\bvm\b/g, 'VM')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
