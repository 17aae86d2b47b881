import type { ComponentType, LazyExoticComponent } from 'react'
import type { Role } from '../../stores/session.ts'

export interface Section {
  /** Its last part of the address, `/settings/:id`. */
  readonly id: string
  readonly title: string
  readonly order: number
  /** Hidden from lower roles. */
  readonly role?: Role
  readonly view: LazyExoticComponent<ComponentType>
}

export const defineSection = (section: Section): Section => section
