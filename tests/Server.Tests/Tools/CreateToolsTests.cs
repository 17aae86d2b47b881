using System.Net;

namespace Jarvis.Server.Tests.Tools;

public sealed class CreateToolsTests
{
    private const string Template = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst";
    private const string Image = "local:iso/debian-13.2.0-amd64-netinst.iso";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0m0l2yYlq0c1r0mXyQb8o1v5x7m3v0a9c2d4e6f8g0 me";

    [Fact]
    [Drives("create_container")]
    public async Task A_container_is_made_from_a_template_and_does_not_run()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var answer = await rig.DoAsync("create_container", new { node = "pve2", name = "notes", template = Template, cores = 2, memory_mib = 1024, disk_gib = 6, storage = "nfs", ssh_public_keys = new[] { Key } }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.Contains("\"vmid\":107", answer.GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("pve2 stopped ", after[107], StringComparison.Ordinal);
        Assert.Equal(before, after.Where(g => g.Key != 107));
        var config = await rig.ProxmoxAsync("/nodes/pve2/lxc/107/config");
        Assert.Equal(("notes", "2", "1024", "1"), (config.GetProperty("hostname").GetString(), config.GetProperty("cores").ToString(), config.GetProperty("memory").ToString(), config.GetProperty("unprivileged").ToString()));
        Assert.Contains("size=6G", config.GetProperty("rootfs").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("nfs:", config.GetProperty("rootfs").GetString(), StringComparison.Ordinal);
        Assert.NotNull(rig.Cluster.Clusters.All[0].Current.Guest(107));
    }

    [Fact]
    [Drives("create_vm")]
    public async Task A_machine_is_made_with_an_image_in_its_drive_and_does_not_run()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("create_vm", new { node = "pve3", name = "desk", iso = Image, disk_gib = 40 }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.StartsWith("pve3 stopped ", after[107], StringComparison.Ordinal);
        Assert.Equal(before, after.Where(g => g.Key != 107));
        var config = await rig.ProxmoxAsync("/nodes/pve3/qemu/107/config");
        Assert.Contains(Image, config.GetProperty("ide2").GetString(), StringComparison.Ordinal);
        Assert.Matches("^local-lvm:.*size=40G", config.GetProperty("scsi0").GetString());
        Assert.Contains("bridge=vmbr0", config.GetProperty("net0").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_made_so_is_refused()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Tool, string Args, HttpStatusCode Status, string Code)[] cases =
        [
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:iso/nothing.iso"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:iso/debian-13.2.0-amd64-netinst.iso","storage":"local"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:iso/debian-13.2.0-amd64-netinst.iso","bridge":"vmbr9"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:iso/debian-13.2.0-amd64-netinst.iso","bridge":"vmbr0,tag=1"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_vm", """{"node":"pve3","name":"x","iso":"local:iso/debian-13.2.0-amd64-netinst.iso","args":"-x"}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("create_vm", """{"node":"pve9","name":"x","iso":"local:iso/debian-13.2.0-amd64-netinst.iso"}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("create_container", """{"node":"pve2","name":"-x","template":"local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("create_container", """{"node":"pve2","name":"x","template":"local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst","ssh_public_keys":["-----BEGIN"]}""", HttpStatusCode.Conflict, "DENY_STATE"),
        ];
        foreach (var (tool, args, status, code) in cases) await rig.RefusedAsync(status, code, $$"""{"tool":"{{tool}}","args":{{args}},"confirmed":true}""");
    }

    [Fact]
    [Drives("destroy_vm", "destroy_container", "wipe_disk", "delete_storage", "remove_node")]
    public async Task What_destroys_is_refused_to_everybody_and_the_refusal_says_where_it_is_done()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Tool, string Args)[] cases =
        [
            ("destroy_vm", """{"guest":105}"""),
            ("destroy_container", """{"guest":106}"""),
            ("wipe_disk", """{"node":"pve3","disk":"/dev/nvme0n1"}"""),
            ("delete_storage", """{"storage":"local-lvm"}"""),
            ("remove_node", """{"node":"pve3"}"""),
        ];
        foreach (var (tool, args) in cases)
        {
            var body = $$"""{"tool":"{{tool}}","args":{{args}},"confirmed":true}""";
            await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_BLACK", body);
            Assert.Contains("Never done from here: ", (await rig.SendAsync(body)).Answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }
}
