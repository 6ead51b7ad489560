import { MemoryEngine, MvccStore } from '@k1s/storage'
import { engineBehaviour, storageBehaviour } from '@k1s/storage/testing'
import { describe, it } from 'vitest'

engineBehaviour({ name: 'memory', describe, it, open: () => new MemoryEngine() })
storageBehaviour({
  name: 'memory',
  describe,
  it,
  open: (options) => new MvccStore(new MemoryEngine(), options),
})
