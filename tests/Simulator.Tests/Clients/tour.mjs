import proxmoxApi from 'proxmox-api';

const { PVE_PORT: port, PVE_USER: username, PVE_PASSWORD: password, PVE_TOKEN_ID: tokenID, PVE_TOKEN_SECRET: tokenSecret } = process.env;
const common = { host: '127.0.0.1', port: Number(port) };
const proxmox = proxmoxApi(tokenID ? { ...common, tokenID, tokenSecret } : { ...common, username, password });

const finish = async (node, upid) => {
  for (;;) {
    const status = await proxmox.nodes.$(node).tasks.$(upid).status.$get();
    if (status.status === 'stopped') {
      return status.exitstatus;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const nodes = (await proxmox.nodes.$get()).map((n) => n.node).sort();
const guests = [];
for (const node of nodes) {
  for (const guest of await proxmox.nodes.$(node).qemu.$get({ full: true })) {
    const config = await proxmox.nodes.$(node).qemu.$(guest.vmid).config.$get();
    guests.push(`${guest.vmid}:${config.name}`);
  }
}
const upid = await proxmox.nodes.$('pve3').qemu.$(105).status.start.$post();
const started = await finish('pve3', upid);
await proxmox.nodes.$('pve3').qemu.$(105).config.$put({ description: 'by node' });
const { description } = await proxmox.nodes.$('pve3').qemu.$(105).config.$get();
console.log(JSON.stringify({ nodes, guests: guests.sort(), started, description }));
process.exit(0);
