using Jarvis.Simulator.Api;

namespace Jarvis.Simulator.Tests.Api;

public sealed class AuthorisationMatrixTests
{
    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["node"] = "pve2", ["vmid"] = "102", ["storage"] = "nfs", ["snapname"] = "before-upgrade",
        ["userid"] = "ann@pve", ["tokenid"] = "one",
        ["upid"] = "UPID:pve2:00000001:00000001:00000001:qmstart:100:root@pam:", ["sid"] = "vm:100",
        ["id"] = "backup-3f6c1a70-41d2",
        ["poolid"] = "prod", ["groupid"] = "ops", ["roleid"] = "PVEAuditor", ["name"] = "tank", ["service"] = "cron",
        ["iface"] = "vmbr0", ["volume*"] = "nfs:iso%2Fx.iso",
    };

    [Fact]
    public async Task Without_credentials_only_the_sign_in_answers()
    {
        await using var rig = await Rig.StartAsync();
        rig.Authorization = null;
        var open = new List<string>();
        foreach (var endpoint in EndpointTable.All())
        {
            if ((await rig.SendAsync(rig.Request(endpoint.Method, Fill(endpoint)))).Status != 401)
            {
                open.Add($"{endpoint.Method} {endpoint.Path}");
            }
        }
        Assert.Equal(["GET /access/domains", "GET /access/ticket", "POST /access/ticket", "POST /access/vncticket"],
            open.Order());
    }

    [Fact]
    public async Task A_token_without_rights_is_refused_wherever_the_table_asks_for_some()
    {
        await using var rig = await Rig.StartAsync();
        var made = await rig.PostAsync("/access/users/root@pam/token/bare", ("privsep", "1"));
        rig.UseToken("root@pam!bare=" + made.Data.GetProperty("value").GetString());
        var asked = 0;
        foreach (var endpoint in EndpointTable.All().Where(e =>
            e.Privileges is not (Gatekeeper.World or Gatekeeper.All) && !e.Upload))
        {
            var reply = await rig.SendAsync(rig.Request(endpoint.Method, Fill(endpoint)));
            Assert.True(reply.Status == 403, $"{endpoint.Method} {endpoint.Path}: {reply.Status} {reply.Reason}");
            Assert.StartsWith("Permission check failed (", reply.Reason, StringComparison.Ordinal);
            asked++;
        }
        Assert.True(asked > 100);
    }

    [Fact]
    public async Task Nothing_that_changes_is_open_to_a_token_without_rights()
    {
        await using var rig = await Rig.StartAsync();
        var made = await rig.PostAsync("/access/users/root@pam/token/bare", ("privsep", "1"));
        rig.UseToken("root@pam!bare=" + made.Data.GetProperty("value").GetString());
        var before = rig.Host.Cluster.CanonicalState().Hash;
        Reply[] replies =
        [
            await rig.PostAsync("/nodes/pve2/vzdump", ("vmid", "102"), ("storage", "nfs")),
            await rig.PostAsync("/nodes/pve2/qemu", ("vmid", "300")),
            await rig.PostAsync("/nodes/pve2/startall"), await rig.PostAsync("/nodes/pve2/stopall", ("vms", "102")),
            await rig.PostAsync("/nodes/pve2/migrateall", ("target", "pve1")),
            await rig.PutAsync("/access/acl", ("path", "/"), ("roles", "Administrator"), ("tokens", "root@pam!bare")),
            await rig.DeleteAsync("/nodes/pve1/storage/local/content/local:iso%2Fdebian-13.2.0-amd64-netinst.iso"),
            await rig.DeleteAsync("/nodes/pve1/storage/nfs/prunebackups?prune-backups=keep-last%3D1"),
            await rig.PutAsync("/nodes/pve1/storage/local/content/local:iso%2Fdebian-13.2.0-amd64-netinst.iso",
                ("notes", "x")),
        ];
        Assert.All(replies, r => Assert.True(r.Status == 403, $"{r.Status} {r.Reason}"));
        Assert.Equal(before, rig.Host.Cluster.CanonicalState().Hash);
    }

    private static string Fill(Endpoint endpoint) => "/" + string.Join('/', endpoint.Segments.Select(s =>
        s.StartsWith('{') ? s.Contains("vmid", StringComparison.Ordinal)
            && endpoint.Path.Contains("/lxc/", StringComparison.Ordinal)
            ? "103" : Samples[s.Trim('{', '}')] : s));
}
