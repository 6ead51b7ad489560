/** A metric with its samples, by their labels as they stand in the text. */
export interface ParsedFamily {
  readonly type: string
  readonly help: string
  readonly samples: Map<string, number>
}

const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/g
const numberPattern = /^(?:NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]\d+)?)$/

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its specification allows (`exposition_formats`): throws an Error for anything that
 * a scraper may refuse, also for a histogram that is none.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, ParsedFamily>()
  let current = ''
  const lines = text.slice(0, -1).split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    if (line.startsWith('# ')) {
      const [, of = '', help] = /^# HELP (\S+) ((?:[^\\]|\\[\\n])*)$/.exec(line) ?? []
      const [, typed, type = ''] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(lines[++index] ?? '') ?? []
      if (help === undefined || typed !== of || !name.test(of))
        throw new Error(`no head of a metric: ${line}`)
      if (families.has(of)) throw new Error(`${of} is there twice`)
      families.set(of, { type, help, samples: new Map() })
      current = of
      continue
    }
    addSample(line, current, families.get(current))
  }
  for (const [of, family] of families) if (family.type === 'histogram') checkHistograms(of, family)
  return families
}

function addSample(line: string, current: string, family: ParsedFamily | undefined): void {
  const [, of, labels = '', number = ''] = sampleLine.exec(line) ?? []
  if (of === undefined || family === undefined || !numberPattern.test(number)) {
    throw new Error(`no sample: ${line}`)
  }
  const suffix = of.slice(current.length)
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (!of.startsWith(current) || !suffixes.includes(suffix)) throw new Error(`not of ${current}: ${line}`)
  const names = Array.from(labels.matchAll(labelPattern), ([, label]) => label)
  if (new Set(names).size < names.length) throw new Error(`a label twice: ${line}`)
  const key = `${suffix}{${labels}}`
  if (family.samples.has(key)) throw new Error(`a sample twice: ${line}`)
  family.samples.set(key, numberOf(number))
}

/** The buckets of a histogram grow with their bounds, and the last one, `+Inf`, has all. */
function checkHistograms(of: string, { samples }: ParsedFamily): void {
  const last = new Map<string, { bound: number; count: number }>()
  for (const [key, count] of samples) {
    const [, others, bound] = /^_bucket\{(.*?),?le="([^"]*)"\}$/.exec(key) ?? []
    if (others === undefined || bound === undefined) continue
    const before = last.get(others) ?? { bound: Number.NEGATIVE_INFINITY, count: 0 }
    if (numberOf(bound) <= before.bound || count < before.count)
      throw new Error(`${of}${key} is out of order`)
    last.set(others, { bound: numberOf(bound), count })
  }
  for (const [labels, { bound, count }] of last) {
    const isWhole = bound === Number.POSITIVE_INFINITY && samples.get(`_count{${labels}}`) === count
    if (!isWhole || !samples.has(`_sum{${labels}}`)) throw new Error(`${of}{${labels}} is no histogram`)
  }
}

function numberOf(text: string): number {
  if (text === 'NaN') return Number.NaN
  return /Inf$/.test(text) ? (text.startsWith('-') ? -1 : 1) * Number.POSITIVE_INFINITY : Number(text)
}
