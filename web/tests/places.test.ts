import { expect, it } from 'vitest'
import { findPage, pages } from '../src/app/pages.ts'
import { sections } from '../src/pages/settings/sections.ts'
import { steps } from '../src/pages/setup/steps.ts'
import places from './support/places.json'

// What axe and Lighthouse go to; a page, section or step without a row would go unlooked at.
const paths = places.map(({ path }) => path.replaceAll(/[{}]/g, ''))

it('every page has a row among the places that are measured', () => {
  const found = new Set(paths.map((path) => findPage(path)?.page.path))
  expect(pages.map(({ path }) => path).filter((path) => !found.has(path))).toEqual([])
})

it('every section of the settings and every step of the set-up has a row', () => {
  const wanted = [...sections.map(({ id }) => `/settings/${id}`), ...steps.map(({ id }) => `/setup/${id}`)]
  expect(wanted.filter((path) => !paths.includes(path))).toEqual([])
})
