// The official TypeScript client: lists the tools, calls one that reads, and one that a person has to approve.
// client.mjs URL TOKEN ERA, where ERA is legacy or a revision of the protocol; writes one JSON object.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [url, token, era] = process.argv.slice(2);
const versions = era === 'legacy' ? {} : { versionNegotiation: { mode: { pin: era } } };
const client = new Client({ name: 'peer', version: '1' }, { capabilities: { elicitation: { form: {}, url: {} } }, ...versions });
const seen = { asked: [], progress: [] };
client.setRequestHandler('elicitation/create', (request) => {
  seen.asked.push(request.params.url);
  return { action: 'accept' };
});
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
seen.protocol = client.getNegotiatedProtocolVersion();
seen.tools = (await client.listTools()).tools.map((t) => t.name);
seen.prompts = (await client.listPrompts()).prompts.map((p) => p.name);
seen.resources = (await client.listResources()).resources.map((r) => r.uri);
const call = (name, args, options) => client.callTool({ name, arguments: args }, options);
seen.green = (await call('get_node_status', { node: 'pve1' })).structuredContent;
seen.yellow = (await call('start_vm', { guest: 102 }, { onprogress: (p) => seen.progress.push(p.progress) })).structuredContent;
seen.red = await call('stop_vm', { guest: 101 });
if (seen.red.structuredContent?.outcome === 'waiting') {
  // Without elicitation the answer is a text. The same call again tells what became of it.
  seen.told = seen.red.content[0].text;
  for (let i = 0; i < 200 && seen.red.structuredContent?.outcome === 'waiting'; i++) seen.red = await call('stop_vm', { guest: 101 });
}
seen.clusters = (await client.readResource({ uri: 'jarvis://clusters' })).contents[0].text;
await client.close();
console.log(JSON.stringify(seen));
