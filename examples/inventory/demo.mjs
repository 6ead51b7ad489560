// The tour of `npm run demo`: prints and runs commands on a fresh store in ./.k1s-demo. Every line of output comes
// from the real `k1s`, each command being a process of its own.
import { join } from 'node:path'
import { Background, directoryOf, play, run, say, store } from '../tour.mjs'

const example = directoryOf(import.meta.url)

async function tour() {
  say(`A fresh store: every command below works on ./${store}, with no server behind it.`)
  console.log(`$ export K1S_DATA_DIR=${store}`)

  say('Two new kinds, then three categories and twelve items of them.')
  await run(`k1s apply -f ${join(example, 'crds')}`)
  await run(`k1s apply -f ${join(example, 'resources')}`)
  await run('k1s api-resources --api-group=inventory.k1s.dev')

  say('Look at them. The columns are those of the CustomResourceDefinition.')
  await run('k1s get items')
  await run('k1s get items -l team=engineering -o wide')
  await run('k1s get inventory -o name')
  await run('k1s get items -l stock=low --field-selector spec.discontinued=false')
  await run('k1s describe item thinkpad-t480')

  say('Change one. Applying the files again touches only what differs from them.')
  await run(`k1s patch item hdmi-cable-3m --type=merge -p '{"spec":{"quantity":3}}'`)
  await run('k1s label item hdmi-cable-3m stock=low')
  await run(`k1s apply -f ${join(example, 'resources/accessories.yaml')}`)

  say('What the schema forbids is refused, and changes nothing.')
  await run(`k1s patch item hdmi-cable-3m --type=merge -p '{"spec":{"quantity":-1,"condition":"Broken"}}'`, 1)

  say('A second process watches; its lines are marked with a bar. A change of this one arrives there.')
  const watch = new Background('k1s get items -l team=design -w')
  await watch.printUntil('studio-display')
  await run(`k1s patch item studio-display --type=merge -p '{"spec":{"quantity":1}}'`)
  await watch.printUntil('studio-display')

  say('The same from TypeScript: restock.ts fills up what is labelled stock=low, over the same store.')
  await run(`node ${join(example, 'dist/restock.js')}`)
  await run('k1s get items -l stock=low')
  await run('k1s get item k380-keyboard -o yaml')

  say('Remove everything of the category "inventory". The watch sees its part of that.')
  await run('k1s delete inventory --all')
  await watch.printUntil('studio-display')
  await watch.interrupt()
  await run('k1s get items')
}

await play(tour)
