import { LLMock } from '@copilotkit/aimock'

const KEY = 'sk-e2e-not-a-secret'
/** Nobody listens there. */
export const NOWHERE = 'http://127.0.0.1:9'

/** Both vendors' APIs on loopback, by somebody else than our own fake. */
export async function startModels(): Promise<LLMock> {
  const models = new LLMock({ port: 0, auth: { apiKeys: [KEY] } })
  await models.start()
  return models
}

export const claude = (url: string, key = KEY): Record<string, string> => ({
  Jarvis__Agent__Claude__BaseUrl: url,
  Jarvis__Agent__Claude__KeyVariable: 'JARVIS_E2E_KEY',
  JARVIS_E2E_KEY: key,
  Jarvis__Agent__Attempts: '1',
})

export const qwen = (url: string): Record<string, string> => ({
  Jarvis__Agent__OpenAiCompatible__0__Name: 'Qwen',
  Jarvis__Agent__OpenAiCompatible__0__Endpoint: `${url}/v1`,
  Jarvis__Agent__OpenAiCompatible__0__Model: 'qwen2.5',
  Jarvis__Agent__OpenAiCompatible__0__KeyVariable: 'JARVIS_E2E_QWEN',
  JARVIS_E2E_QWEN: KEY,
})
