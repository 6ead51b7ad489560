import { extensible, mapOf, type Numbered, objectOf, written } from './openapi-types.ts'

const scopes = mapOf('Oauth2Scopes', 'string')

const flows = {
  implicit: { type: 'string', flow: 'string', scopes, authorizationUrl: 'string', description: 'string' },
  password: { type: 'string', flow: 'string', scopes, tokenUrl: 'string', description: 'string' },
  application: { type: 'string', flow: 'string', scopes, tokenUrl: 'string', description: 'string' },
  accessCode: {
    type: 'string',
    flow: 'string',
    scopes,
    authorizationUrl: 'string',
    tokenUrl: 'string',
    description: 'string',
  },
} as const satisfies { [flow: string]: Numbered }

const definition = written(
  'SecurityDefinitionsItem',
  {
    basic: extensible('BasicAuthenticationSecurity', { type: 'string', description: 'string' }),
    apiKey: extensible('ApiKeySecurity', {
      type: 'string',
      name: 'string',
      in: 'string',
      description: 'string',
    }),
    implicit: extensible('Oauth2ImplicitSecurity', flows.implicit),
    password: extensible('Oauth2PasswordSecurity', flows.password),
    application: extensible('Oauth2ApplicationSecurity', flows.application),
    accessCode: extensible('Oauth2AccessCodeSecurity', flows.accessCode),
  },
  (value) => {
    const { type, flow } = objectOf(value)
    return { [String(type === 'oauth2' ? flow : type)]: value }
  },
)

export const securityDefinitions = mapOf('SecurityDefinitions', definition)

const stringArray = written('StringArray', { value: { listOf: 'string' } }, (value) => ({ value }))

export const securityRequirement = mapOf('SecurityRequirement', stringArray)
