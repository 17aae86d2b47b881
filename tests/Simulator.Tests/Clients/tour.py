import json
import os
import time

from proxmoxer import ProxmoxAPI, ResourceException

env = os.environ
credentials = (
    {"user": "root@pam", "token_name": env["PVE_TOKEN_NAME"], "token_value": env["PVE_TOKEN_SECRET"]}
    if "PVE_TOKEN_NAME" in env
    else {"user": env["PVE_USER"], "password": env["PVE_PASSWORD"]}
)
proxmox = ProxmoxAPI("127.0.0.1", port=int(env["PVE_PORT"]), verify_ssl=env["PVE_CA"], **credentials)


def finish(upid):
    node = upid.split(":")[1]
    for _ in range(400):
        status = proxmox.nodes(node).tasks(upid).status.get()
        if status["status"] == "stopped":
            return status["exitstatus"]
        time.sleep(0.05)
    raise TimeoutError(upid)


nodes = sorted(n["node"] for n in proxmox.nodes.get())
guests = sorted(g["vmid"] for n in nodes for g in proxmox.nodes(n).qemu.get() + proxmox.nodes(n).lxc.get())
version = proxmox.version.get()["release"]
started = finish(proxmox.nodes("pve3").lxc(106).status.start.post())
snapshot = finish(proxmox.nodes("pve2").qemu(102).snapshot.post(snapname="by-python", description="a b"))
names = [s["name"] for s in proxmox.nodes("pve2").qemu(102).snapshot.get()]
removed = finish(proxmox.nodes("pve2").qemu(102).snapshot("by-python").delete())
pid = proxmox.nodes("pve2").qemu(102).agent.exec.post(command=["echo", "hello there"])["pid"]
time.sleep(0.2)
said = proxmox.nodes("pve2").qemu(102).agent("exec-status").get(pid=pid).get("out-data")
try:
    proxmox.nodes("pve1").qemu(4711).config.get()
    missing = None
except ResourceException as e:
    missing = e.content
try:
    proxmox.nodes("pve3").qemu(105).config.put(colour="red")
    errors = None
except ResourceException as e:
    errors = e.content
print(json.dumps({
    "nodes": nodes, "guests": guests, "version": version, "started": started, "snapshot": snapshot,
    "names": names, "removed": removed, "said": said, "missing": missing, "errors": errors,
}))
