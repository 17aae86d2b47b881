// The address is still that of the page which was wanted, so loading it anew leads there.
setInterval(() => {
  fetch('/api/health/live', { cache: 'no-store' }).then(
    (answer) => answer.ok && location.reload(),
    () => {},
  )
}, 5_000)
