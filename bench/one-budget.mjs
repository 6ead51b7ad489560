// Measures one budget in a process of its own, so that none inherits the heap of another.
const [, , name] = process.argv
const { measure } = await import(`./budgets/${name}.mjs`)
process.send(await measure())
process.disconnect()
