/** Whether a part of the page could not be fetched, as browsers and Vite put it. */
export const isPartMissing = (problem: unknown): boolean =>
  problem instanceof Error &&
  /dynamically imported module|importing a module script|preload CSS/i.test(problem.message)
