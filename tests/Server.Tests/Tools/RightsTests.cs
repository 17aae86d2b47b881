using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jarvis.Server.Tests.Cluster;

namespace Jarvis.Server.Tests.Tools;

/// <summary>The rights that the operators' guide names are enough for every kind of change, and those to watch for none.</summary>
public sealed partial class RightsTests
{
    private const string Word = "correct horse";

    [Fact]
    public async Task The_role_of_the_guide_lets_every_tool_act()
    {
        await using var rig = new ToolRig { Cluster = await ClusterRig.StartAsync() };
        var host = await rig.Cluster.SimulateAsync(1);
        await rig.Cluster.AddAsync("lab", host, await TokenAsync(host, "PVEAuditor", "JarvisActs"));

        (string Tool, object Args)[] calls =
        [
            ("start_vm", new { guest = 105 }),
            ("suspend_vm", new { guest = 105 }),
            ("resume_vm", new { guest = 105 }),
            ("restart_container", new { guest = 103 }),
            ("shutdown_vm", new { guest = 105 }),
            ("create_snapshot", new { guest = 104, name = "one" }),
            ("update_guest", new { guest = 104, cores = 3, memory_mib = 4096, name = "ci2", description = "builds", tags = new[] { "ci" }, onboot = true }),
            ("rollback_snapshot", new { guest = 104, name = "one" }),
            ("delete_snapshot", new { guest = 104, name = "one" }),
            ("resize_disk", new { guest = 103, disk = "rootfs", add_gib = 1 }),
            ("migrate_guest", new { guest = 101, target_node = "pve3" }),
            ("migrate_guest", new { guest = 100, target_node = "pve2" }),
            ("clone_guest", new { guest = 900, name = "copy" }),
            ("create_container", new { node = "pve2", name = "notes", template = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst", storage = "nfs" }),
            ("create_vm", new { node = "pve3", name = "desk", iso = "local:iso/debian-13.2.0-amd64-netinst.iso" }),
            ("backup_guest", new { guest = 103, storage = "nfs" }),
        ];
        foreach (var (tool, args) in calls) await rig.DoAsync(tool, args, confirmed: true);
        var volume = Assert.Single((await rig.ProxmoxAsync("/nodes/pve1/storage/nfs/content?content=backup&vmid=103")).EnumerateArray()).GetProperty("volid").GetString();
        await rig.DoAsync("restore_backup", new { volume, node = "pve1" }, confirmed: true);
        await rig.DoAsync("delete_backup", new { volume }, confirmed: true);
        await rig.SendAsync(JsonSerializer.Serialize(new { password = TestServer.Password, keyword = Word }), path: "/api/keyword", method: HttpMethod.Put);
        var (_, waits) = await rig.CallAsync("reboot_node", new { node = "pve2" });
        var ended = await rig.EndedAsync((await rig.DecideAsync(waits.GetProperty("approval"), new { decision = "approve", keyword = Word })).Answer, TimeSpan.FromSeconds(5));
        Assert.True(ended.GetProperty("outcome").GetString() == "completed", ended.ToString());
    }

    [Fact]
    public async Task A_token_that_only_reads_changes_nothing_and_the_call_says_which_right_is_missing()
    {
        await using var rig = new ToolRig { Cluster = await ClusterRig.StartAsync() };
        var host = await rig.Cluster.SimulateAsync(1);
        await rig.Cluster.AddAsync("lab", host, await TokenAsync(host, "PVEAuditor"));
        var before = await rig.WorldAsync();

        var (status, answer) = await rig.CallAsync("start_vm", new { guest = 105 }, confirmed: true);

        Assert.Equal((HttpStatusCode.OK, "failed"), (status, answer.GetProperty("outcome").GetString()));
        Assert.Contains("VM.PowerMgmt", answer.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await rig.WorldAsync());
    }

    /// <summary>A token that has these roles and nothing else; its user may do everything.</summary>
    private static async Task<string> TokenAsync(Simulator.SimulatorHost host, params string[] roles)
    {
        using var http = FirstContactTests.HttpOf(host);
        await TellAsync(HttpMethod.Post, "roles", ("roleid", "JarvisActs"), ("privs", Privileges()));
        var made = await TellAsync(HttpMethod.Post, "users/root@pam/token/watch", ("privsep", "1"));
        foreach (var role in roles) await TellAsync(HttpMethod.Put, "acl", ("path", "/"), ("roles", role), ("tokens", "root@pam!watch"));
        return $"root@pam!watch={made.GetProperty("data").GetProperty("value").GetString()}";

        async Task<JsonElement> TellAsync(HttpMethod method, string path, params (string Name, string Value)[] form)
        {
            using var request = new HttpRequestMessage(method, new Uri($"/api2/json/access/{path}", UriKind.Relative)) { Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
            using var answer = await http.SendAsync(request, ToolRig.Stop);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.ReasonPhrase}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>(ToolRig.Stop);
        }
    }

    private static string Privileges()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Jarvis.slnx"))) folder = folder.Parent!;
        return RoleLine().Match(File.ReadAllText(Path.Combine(folder.FullName, "docs", "operating.md"))).Groups[1].Value;
    }

    [GeneratedRegex("pveum role add JarvisActs --privs '([^']+)'")]
    private static partial Regex RoleLine();
}
