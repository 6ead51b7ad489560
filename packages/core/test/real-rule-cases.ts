/** A value that a rule allows and one that it refuses; for a rule about a change, what they replace. */
export interface RuleCase {
  readonly passes: unknown
  readonly fails: unknown
  readonly old?: unknown
}

const times = (count: number, value: unknown) => Array.from({ length: count }, () => value)

const service = { group: '', kind: 'Service', name: 'a' }

const mustHavePort: RuleCase[] = [{ passes: { ...service, port: 80 }, fails: service }]

const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' }

const parentRefs: RuleCase[] = [
  {
    passes: [
      { ...gateway, sectionName: 'http' },
      { ...gateway, sectionName: 'https' },
    ],
    fails: [
      { ...gateway, namespace: 'x', sectionName: 'http' },
      { ...gateway, namespace: 'x' },
    ],
  },
  {
    passes: [
      { ...gateway, namespace: 'x' },
      { ...gateway, namespace: 'y' },
    ],
    fails: [
      { ...gateway, sectionName: 'http' },
      { ...gateway, sectionName: 'http' },
    ],
  },
]

/** Each type of filter goes with a field of its own, and only with that. */
function filterOf(types: { readonly [type: string]: string }): RuleCase[] {
  return Object.entries(types).flatMap(([type, field]) => [
    { passes: { type, [field]: {} }, fails: { type: 'Other', [field]: {} } },
    { passes: { type, [field]: {} }, fails: { type } },
  ])
}

const grpcFilter = filterOf({
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  ExtensionRef: 'extensionRef',
})

const httpFilter = filterOf({
  CORS: 'cors',
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
})

const once = (type: string): RuleCase => ({
  passes: [{ type }],
  fails: [{ type }, { type: 'Other' }, { type }],
})

const grpcFilters = ['RequestHeaderModifier', 'ResponseHeaderModifier'].map(once)

const httpFilters: RuleCase[] = [
  {
    passes: [{ type: 'URLRewrite' }, { type: 'CORS' }],
    fails: [{ type: 'URLRewrite' }, { type: 'RequestRedirect' }],
  },
  ...['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'].map(once),
]

const mirror: RuleCase[] = [
  { passes: { percent: 5 }, fails: { percent: 5, fraction: { numerator: 1, denominator: 2 } } },
]

const fraction: RuleCase[] = [
  { passes: { numerator: 100, denominator: 100 }, fails: { numerator: 101, denominator: 100 } },
]

const wildcardAlone: RuleCase[] = [{ passes: ['*'], fails: ['a', '*'] }]

const replacedPath: RuleCase[] = [
  { passes: { type: 'ReplaceFullPath', replaceFullPath: '/' }, fails: { type: 'ReplaceFullPath' } },
  {
    passes: { type: 'ReplaceFullPath', replaceFullPath: '/' },
    fails: { type: 'ReplacePrefixMatch', replaceFullPath: '/' },
  },
  { passes: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' }, fails: { type: 'ReplacePrefixMatch' } },
  {
    passes: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
    fails: { type: 'ReplaceFullPath', replacePrefixMatch: '/' },
  },
]

/** `field` is that of a filter which replaces the prefix of the path. */
function onePrefixMatch(field: string): RuleCase {
  const filters = [{ [field]: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }]
  return {
    passes: { filters, matches: [{ path: { type: 'PathPrefix', value: '/' } }] },
    fails: { filters, matches: [{ path: { type: 'Exact', value: '/' } }] },
  }
}

function onePrefixMatchOfBackend(field: string): RuleCase {
  const filters = [{ [field]: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }]
  return {
    passes: { backendRefs: [{ filters }], matches: [{ path: { type: 'PathPrefix', value: '/' } }] },
    fails: { backendRefs: [{ filters }], matches: [] },
  }
}

const path = (allowed: string, refused: string): RuleCase => ({
  passes: { type: 'PathPrefix', value: allowed },
  fails: { type: 'Exact', value: refused },
})

const labelKeys: RuleCase[] = [
  { passes: { 'example.com/a_B': 'x', 'a.b': 'y' }, fails: { 'example.com/': 'x' } },
  { passes: { [`${'a'.repeat(252)}/b`]: 'x' }, fails: { [`${'a'.repeat(253)}/b`]: 'x' } },
]

const listeners: RuleCase[] = [
  { passes: [{ protocol: 'HTTPS', tls: {} }], fails: [{ protocol: 'UDP', tls: {} }] },
  {
    passes: [{ protocol: 'HTTPS', tls: { mode: 'Terminate' } }],
    fails: [{ protocol: 'HTTPS', tls: { mode: 'Passthrough' } }],
  },
  { passes: [{ protocol: 'TLS', tls: { mode: 'Passthrough' } }], fails: [{ protocol: 'TLS', tls: {} }] },
  { passes: [{ protocol: 'TCP', hostname: '' }], fails: [{ protocol: 'TCP', hostname: 'a.b' }] },
  { passes: [{ name: 'a' }, { name: 'b' }], fails: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
  {
    passes: [
      { protocol: 'HTTP', port: 80, hostname: 'a' },
      { protocol: 'HTTP', port: 80 },
    ],
    fails: [
      { protocol: 'HTTP', port: 80, hostname: 'a' },
      { protocol: 'HTTP', port: 80, hostname: 'a' },
    ],
  },
]

const listenerTLS: RuleCase[] = [
  {
    passes: { mode: 'Terminate', certificateRefs: [], options: { a: 'b' } },
    fails: { mode: 'Terminate', certificateRefs: [], options: {} },
  },
]

const unique = (type: string): RuleCase => ({
  passes: [{ type, value: 'a' }, { type, value: 'b' }, { type }, { type }],
  fails: [
    { type, value: 'a' },
    { type, value: 'a' },
  ],
})

const hostname: RuleCase[] = [
  { passes: { type: 'Hostname', value: '*.a-b.example' }, fails: { type: 'Hostname', value: 'a_b' } },
]

const venafi: RuleCase[] = [{ passes: { cloud: {} }, fails: { cloud: {}, tpp: {} } }]

/**
 * Cases for all rules of the definitions that `real-rules.test.ts` reads, by kind and place, in the order in which
 * the rules stand there. Versions of a kind have the same rules.
 */
export const realRuleCases: { readonly [kind: string]: { readonly [place: string]: readonly RuleCase[] } } = {
  BackendTLSPolicy: {
    'spec.targetRefs': [
      {
        passes: [
          { ...service, sectionName: 'a' },
          { ...service, sectionName: 'b' },
        ],
        fails: [{ ...service, sectionName: 'a' }, service],
      },
      { passes: [service, { ...service, name: 'b' }], fails: [service, { ...service, sectionName: '' }] },
    ],
    'spec.validation': [
      {
        passes: { caCertificateRefs: [], wellKnownCACertificates: 'System' },
        fails: { caCertificateRefs: [service], wellKnownCACertificates: 'System' },
      },
      { passes: { caCertificateRefs: [service] }, fails: { wellKnownCACertificates: '' } },
    ],
    'spec.validation.subjectAltNames[]': [
      { passes: { type: 'Hostname', hostname: 'a' }, fails: { type: 'Hostname' } },
      { passes: { type: 'URI', hostname: '' }, fails: { type: 'URI', hostname: 'a' } },
      { passes: { type: 'URI', uri: 'a:b' }, fails: { type: 'URI', uri: '' } },
      { passes: { type: 'Hostname' }, fails: { type: 'Hostname', uri: 'a:b' } },
    ],
  },
  GatewayClass: {
    'spec.controllerName': [{ old: 'example.com/a', passes: 'example.com/a', fails: 'example.com/b' }],
  },
  Gateway: {
    'spec.addresses': [unique('IPAddress'), unique('Hostname')],
    'spec.addresses[]': hostname,
    'spec.infrastructure.annotations': labelKeys,
    'spec.infrastructure.labels': labelKeys,
    'spec.listeners': listeners,
    'spec.listeners[].tls': listenerTLS,
    'spec.tls.frontend.perPort': [
      { passes: [{ port: 1 }, { port: 2 }], fails: [{ port: 1 }, { port: 2 }, { port: 1 }] },
    ],
    'status.addresses[]': hostname,
  },
  GRPCRoute: {
    'spec.parentRefs': parentRefs,
    'spec.rules': [
      {
        passes: times(2, { matches: times(64, {}) }),
        fails: [...times(2, { matches: times(64, {}) }), { matches: [{}] }],
      },
    ],
    'spec.rules[].backendRefs[]': mustHavePort,
    'spec.rules[].backendRefs[].filters': grpcFilters,
    'spec.rules[].backendRefs[].filters[]': grpcFilter,
    'spec.rules[].backendRefs[].filters[].requestMirror': mirror,
    'spec.rules[].backendRefs[].filters[].requestMirror.backendRef': mustHavePort,
    'spec.rules[].backendRefs[].filters[].requestMirror.fraction': fraction,
    'spec.rules[].filters': grpcFilters,
    'spec.rules[].filters[]': grpcFilter,
    'spec.rules[].filters[].requestMirror': mirror,
    'spec.rules[].filters[].requestMirror.backendRef': mustHavePort,
    'spec.rules[].filters[].requestMirror.fraction': fraction,
    'spec.rules[].matches[].method': [
      { passes: { type: 'Exact', method: 'a' }, fails: { type: 'Exact' } },
      { passes: { service: '.A.b_1' }, fails: { type: 'Exact', service: '1a' } },
      { passes: { type: 'RegularExpression', method: '1' }, fails: { method: 'a.b' } },
    ],
  },
  HTTPRoute: {
    'spec.parentRefs': parentRefs,
    'spec.rules': [
      {
        passes: times(2, { matches: times(64, {}) }),
        fails: [...times(2, { matches: times(64, {}) }), { matches: [{}] }],
      },
    ],
    'spec.rules[]': [
      {
        passes: { backendRefs: [], filters: [{ requestRedirect: {} }] },
        fails: { backendRefs: [service], filters: [{ requestRedirect: {} }] },
      },
      onePrefixMatch('requestRedirect'),
      onePrefixMatch('urlRewrite'),
      onePrefixMatchOfBackend('requestRedirect'),
      onePrefixMatchOfBackend('urlRewrite'),
    ],
    'spec.rules[].backendRefs[]': mustHavePort,
    'spec.rules[].backendRefs[].filters': httpFilters,
    'spec.rules[].backendRefs[].filters[]': httpFilter,
    'spec.rules[].backendRefs[].filters[].cors.allowHeaders': wildcardAlone,
    'spec.rules[].backendRefs[].filters[].cors.allowMethods': wildcardAlone,
    'spec.rules[].backendRefs[].filters[].cors.allowOrigins': wildcardAlone,
    'spec.rules[].backendRefs[].filters[].requestMirror': mirror,
    'spec.rules[].backendRefs[].filters[].requestMirror.backendRef': mustHavePort,
    'spec.rules[].backendRefs[].filters[].requestMirror.fraction': fraction,
    'spec.rules[].backendRefs[].filters[].requestRedirect.path': replacedPath,
    'spec.rules[].backendRefs[].filters[].urlRewrite.path': replacedPath,
    'spec.rules[].filters': httpFilters,
    'spec.rules[].filters[]': httpFilter,
    'spec.rules[].filters[].cors.allowHeaders': wildcardAlone,
    'spec.rules[].filters[].cors.allowMethods': wildcardAlone,
    'spec.rules[].filters[].cors.allowOrigins': wildcardAlone,
    'spec.rules[].filters[].requestMirror': mirror,
    'spec.rules[].filters[].requestMirror.backendRef': mustHavePort,
    'spec.rules[].filters[].requestMirror.fraction': fraction,
    'spec.rules[].filters[].requestRedirect.path': replacedPath,
    'spec.rules[].filters[].urlRewrite.path': replacedPath,
    'spec.rules[].matches[].path': [
      path('/a', 'a'),
      path('/a/b', '/a//b'),
      path('/a/.b', '/a/./b'),
      path('/a/..b', '/a/../b'),
      path('/a%20b', '/a%2fb'),
      path('/a%20b', '/a%2Fb'),
      path('/a', '/a#b'),
      path('/a..', '/a/..'),
      path('/a.', '/a/.'),
      { passes: { type: 'RegularExpression', value: '.*' }, fails: { type: 'Glob', value: '*' } },
      path("/a-1._~!$&'()*+,;=:@%aF", '/a"b'),
    ],
    'spec.rules[].timeouts': [
      {
        passes: { request: '0s', backendRequest: '1h' },
        fails: { request: '1m', backendRequest: '61s' },
      },
    ],
  },
  ListenerSet: { 'spec.listeners': listeners, 'spec.listeners[].tls': listenerTLS },
  TCPRoute: { 'spec.parentRefs': parentRefs, 'spec.rules[].backendRefs[]': mustHavePort },
  TLSRoute: {
    'spec.hostnames': [
      { passes: ['a.example'], fails: ['10.0.0.1'] },
      { passes: ['a.example', '*.a_b'], fails: ['A.example'] },
      { passes: ['*.a.example'], fails: ['a.*.example'] },
    ],
    'spec.parentRefs': parentRefs,
    'spec.rules[].backendRefs[]': mustHavePort,
  },
  UDPRoute: { 'spec.parentRefs': parentRefs, 'spec.rules[].backendRefs[]': mustHavePort },
  ClusterIssuer: { 'spec.venafi': venafi },
  Issuer: { 'spec.venafi': venafi },
}
