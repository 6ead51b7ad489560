import { HttpConnection, requestAll, withConnections } from '../http-client.mjs'
import { generateBearerToken, loopbackCertificate, startServer } from '../http-processes.mjs'
import { item, itemName } from '../item.mjs'
import { alternate, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory } from '../stores.mjs'

const objects = 1000
const connections = 16
const perRound = 10_000
const lists = 10
const creates = 2000
const createConnections = 64
const collection = '/apis/inventory.k1s.dev/v1/namespaces/default/items'

/** Gets by name over HTTP, and for information lists and creates, beside bare handlers that answer with the same bytes. */
export async function measure() {
  const certificate = await loopbackCertificate()
  return [
    ...(await overHttp('memory', undefined)),
    ...(await overHttp('lmdb', undefined)),
    ...(await overHttp('lmdb', certificate)),
  ]
}

async function overHttp(storage, certificate) {
  return inTemporaryDirectory(async (path) => {
    const token = generateBearerToken()
    const api = await startServer('k1s', { certificate, token, storage, path, objects })
    const bodies = await answersOf(api.target)
    const bareGet = await startServer('bare', { certificate, token, body: bodies.get })
    const bareList = await startServer('bare', { certificate, token, body: bodies.list })
    const where = `${storage}, ${certificate === undefined ? 'HTTP' : 'HTTPS'}`
    const get = ({ target }) =>
      rate(target, connections, perRound, (connection, index) =>
        connection.request('GET', `${collection}/${itemName('item', index % objects)}`),
      )
    const list = ({ target }) => rate(target, 1, lists, (connection) => connection.request('GET', collection))
    const create = ({ target }, round) =>
      rate(target, createConnections, creates, (connection, index) =>
        connection.request('POST', collection, JSON.stringify(item(itemName(`round${round}`, index)))),
      )
    const gets = await alternate({ bare: () => get(bareGet), api: () => get(api) }, { rounds: 9, warmUp: 2 })
    const listings = await alternate({ bare: () => list(bareList), api: () => list(api) }, { rounds: 5 })
    const creations = await alternate(
      { bare: (round) => create(bareGet, round), api: (round) => create(api, round) },
      { rounds: 5 },
    )
    for (const server of [api, bareGet, bareList]) await server.stop()
    const floorIs = 'a bare node:http handler that answers with the same bytes'
    return [
      row(`GET by name, ${where}, ${connections} connections`, gets, floorIs, { atLeast: 0.25, of: 'ratio' }),
      row(`list of ${objects}, ${where}`, listings, floorIs),
      row(`create, ${where}, ${createConnections} connections`, creations, floorIs),
    ]
  })
}

/** What the API server answers, byte for byte: what the bare handler is to answer. */
async function answersOf(target) {
  const connection = await HttpConnection.open(target)
  const text = async (path) => (await connection.request('GET', path)).toString()
  const get = await text(`${collection}/${itemName('item', 0)}`)
  const list = await text(collection)
  connection.close()
  return { get, list }
}

function rate(target, count, requests, send) {
  return withConnections(count, target, async (open) => {
    const duration = await timeOf(() => requestAll(open, requests, send))
    return requests / (duration / 1000)
  })
}

function row(what, { api, bare }, floorIs, budget) {
  return {
    what,
    value: median(api),
    floor: median(bare),
    unit: '/s',
    floorIs,
    ratio: medianRatio(api, bare),
    budget,
  }
}
