// Prints and runs commands on a fresh store in ./.k1s-demo. Every line of output comes from the real programs, each
// command being a process of its own.
import { join } from 'node:path'
import { Background, directoryOf, play, run, say, store } from '../tour.mjs'

const example = directoryOf(import.meta.url)
const project = `--project-config ${join(example, 'k1s.config.ts')}`

async function tour() {
  say(`A fresh store: every command below works on ./${store}, with no server behind it.`)
  console.log(`$ export K1S_DATA_DIR=${store}`)
  await run(`k1s apply -f ${join(example, 'crds')}`)
  await run(`k1s apply -f ${join(example, 'resources')}`)

  say('Nothing has run that counts the items. A run of the controllers catches up and ends.')
  await run('k1s get categories')
  await run(`k1s controller run ${project}`)
  await run('k1s get categories')

  say('Of what there is too little, an Event says so.')
  await run('k1s get items')
  await run('k1s get events')

  say('The next run begins where that one ended: it reconciles what was written since.')
  await run(`k1s patch item usb-c-2m --type=merge -p '{"spec":{"quantity":4}}'`)
  await run(`k1s controller run ${project}`)
  await run('k1s get category cables')
  await run('k1s describe item usb-c-2m')

  say('The same controllers in a process that goes on follow what others write. A watch shows how fast.')
  const following = new Background(`k1s controller run --follow ${project}`)
  const watch = new Background('k1s get categories -w')
  await watch.printUntil('monitors')
  const events = new Background('k1s get events --field-selector reason=Restocked -w')
  await run(`k1s patch item studio-display --type=merge -p '{"spec":{"quantity":8}}'`)
  await watch.printUntil('17')
  await events.printUntil('Restocked')
  await events.interrupt()

  say('A category cannot go while there are items of it: its finalizer holds it.')
  await run('k1s delete category monitors --wait=false')
  await run('k1s get category monitors')
  await run('k1s delete items ultrasharp studio-display')
  await run('k1s wait --for=delete category/monitors')
  await following.interrupt(0)
  await watch.interrupt()
  await run('k1s get categories')
}

await play(tour)
