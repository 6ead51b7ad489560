/** Whether a row holds its budget; undefined if it has none. */
export function holds({ value, ratio, budget }) {
  if (budget === undefined) return undefined
  const measured = budget.of === 'ratio' ? ratio : value
  return budget.atMost === undefined ? measured >= budget.atLeast : measured <= budget.atMost
}

const headings = ['what', 'measured', 'floor', 'ratio', 'budget', '', 'load']

/** The rows as a table for the terminal. */
export function formatTable(rows) {
  const cells = [headings, ...rows.map(cellsOf)]
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(row) {
  const { what, value, floor, unit, ratio, load } = row
  const verdict = holds(row)
  return [
    what,
    formatValue(value, unit),
    floor === undefined ? '' : formatValue(floor, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    formatBudget(row),
    verdict === undefined ? '' : verdict ? 'pass' : 'FAIL',
    load,
  ]
}

function formatBudget({ budget, unit }) {
  if (budget === undefined) return ''
  const { atMost, atLeast, of } = budget
  const limit = of === 'ratio' ? `${atMost ?? atLeast} x floor` : formatValue(atMost ?? atLeast, unit)
  return `${atMost === undefined ? '>=' : '<='} ${limit}`
}

function formatValue(value, unit) {
  if (unit === '/s') return `${Math.round(value).toLocaleString('en')}/s`
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`
}
