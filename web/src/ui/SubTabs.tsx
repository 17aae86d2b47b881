interface Props {
  readonly label: string
  readonly tabs: readonly { readonly title: string; readonly href: string; readonly current: boolean }[]
}

/** The parts of a page, each with its own address. */
export const SubTabs = ({ label, tabs }: Props) => (
  <nav className="sub-tabs" aria-label={label}>
    {tabs.map(({ title, href, current }) => (
      <a key={href} href={href} aria-current={current ? 'page' : undefined}>
        {title}
      </a>
    ))}
  </nav>
)
