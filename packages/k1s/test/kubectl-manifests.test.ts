import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { onOneKubectl } from './kubectl.ts'

const testdata = fileURLToPath(new URL('../../../../shared/testdata/', import.meta.url))
const definitions = ['gateway-api/', 'cert-manager/'].flatMap((folder) =>
  filesOf(testdata + folder).filter((file) => file.includes('/crd-') && !file.includes('/crd-vap')),
)
const policy = `${testdata}gateway-api/crd-vap_safeupgrades.yaml`
const examples = filesOf(`${testdata}gateway-api/examples/`)

/** Of the kinds of cert-manager, which has no folder of examples. */
const ofCertManager = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: own}
spec: {selfSigned: {}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: shared}
spec: {acme: {server: https://acme.example.com/directory, privateKeySecretRef: {name: account}, solvers: [{http01: {ingress: {ingressClassName: nginx}}}]}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web}
spec: {secretName: web-tls, dnsNames: [web.example.com], issuerRef: {name: own, kind: Issuer}, privateKey: {algorithm: ECDSA, size: 256}}
---
apiVersion: cert-manager.io/v1
kind: CertificateRequest
metadata: {name: web-1}
spec: {request: LS0tLS1CRUdJTg==, issuerRef: {name: own}, usages: [digital signature, server auth]}
---
apiVersion: acme.cert-manager.io/v1
kind: Order
metadata: {name: web-1-2}
spec: {request: LS0tLS1CRUdJTg==, issuerRef: {name: own}, dnsNames: [web.example.com]}
---
apiVersion: acme.cert-manager.io/v1
kind: Challenge
metadata: {name: web-1-2-3, finalizers: [acme.cert-manager.io/finalizer]}
spec: {authorizationURL: https://acme.example.com/authz, dnsName: web.example.com, issuerRef: {name: own}, key: k, solver: {http01: {ingress: {}}}, token: t, type: HTTP-01, url: https://acme.example.com/c}
`

/** None if the folder is not there. */
function filesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((file) => folder + file) : []
}

const flags = (files: readonly string[]) => files.flatMap((file) => ['-f', file])
const lines = (text: string) => text.trim().split('\n')

if (examples.length === 0) {
  test.skip(`skipped: the manifests of real users are not there (${testdata})`, () => undefined)
} else {
  onOneKubectl((kubectl) => {
    let resources: readonly string[]

    beforeAll(async () => {
      await kubectl.print(['apply', '--server-side', ...flags(definitions)])
      const wanted = examples.flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/^ {2}namespace: (\S+)/gm),
      ])
      const names = new Set(wanted.map(([, name]) => name!).filter((name) => name !== 'default'))
      const manifests = [...names].map(
        (name) => `---\n{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}\n`,
      )
      await kubectl.print('apply -f -', { input: manifests.join('') })
      const groups = await Promise.all(
        ['gateway.networking.k8s.io', 'cert-manager.io', 'acme.cert-manager.io'].map((group) =>
          kubectl.print(`api-resources -o name --api-group=${group}`),
        ),
      )
      resources = lines(groups.join(''))
    })

    test('definitions differ in nothing from what was applied, and a policy for them counts for kubectl too', async () => {
      const diff = ['diff', '--server-side', ...flags(definitions)]
      expect(await kubectl.print(diff)).toBe('')
      await kubectl.print(['create', '-f', policy])
      const { code, stderr } = await kubectl.run(diff)
      expect(code).toBeGreaterThan(1)
      expect(stderr).toContain(
        "ValidatingAdmissionPolicy 'safe-upgrades.gateway.networking.k8s.io' with binding 'safe-upgrades.gateway.networking.k8s.io' denied request: Installing CRDs with version before v1.5.0 is prohibited by default.",
      )
    })

    test('examples are applied, shown and described without a warning', async () => {
      const printed =
        (await kubectl.print(['apply', ...flags(examples)])) +
        (await kubectl.print('apply -f -', { input: ofCertManager }))
      const applied = lines(printed).map((line) => line.split(' ')[0]!)
      const all = `${resources.join(',')} -A`
      const objects = lines(await kubectl.print(`get ${all} -o name`))
      expect(new Set(applied.filter((name) => !name.startsWith('namespace/')))).toEqual(new Set(objects))
      const [wide, described] = await Promise.all([
        kubectl.print(`get ${all} -o wide --show-labels`),
        kubectl.print(`describe ${all}`),
        kubectl.print(`get ${all} -o yaml`),
        kubectl.print(['apply', '--server-side', '--force-conflicts', ...flags(examples.slice(0, 10))]),
        kubectl.print('diff -f -', { input: ofCertManager }),
      ])
      for (const object of objects) {
        const name = object.replace(/^.*\//, '')
        expect(wide).toContain(name)
        expect(described).toMatch(new RegExp(`^Name: +${name}$`, 'm'))
      }
    })

    test('every field of every kind is explained', async () => {
      await Promise.all(
        resources.map(async (resource) => {
          const text = await kubectl.print(`explain ${resource} --recursive`)
          expect(text).toMatch(/^ {2}metadata\t<ObjectMeta>( -required-)?$/m)
          expect(text).toMatch(/^ {2}spec\t<Object>( -required-)?$/m)
        }),
      )
    })
  })
}
