import { send } from './http.ts'

/** The page as the server hands it out now. */
export const page = async (): Promise<string> => (await send('/', { cache: 'no-store' })).text()
