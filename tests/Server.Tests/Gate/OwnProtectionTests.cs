using System.Net;
using System.Text.Json;
using Jarvis.Server.Cluster;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Gate;

public sealed class OwnProtectionTests
{
    private const string Unused = "02:00:00:00:00:01";

    [Theory]
    [InlineData(GuestType.Vm, "/nodes/pve3/qemu/104/config", "net0", 104)]
    [InlineData(GuestType.Vm, "/nodes/pve3/qemu/104/config", "smbios1", 104)]
    [InlineData(GuestType.Container, "/nodes/pve2/lxc/103/config", "net0", 103)]
    public async Task The_guest_that_the_server_runs_in_is_found_and_protected(GuestType inside, string config, string key, int vmid)
    {
        // Labs of the same seed have the same machines.
        await using var there = await ToolRig.StartAsync();
        var setting = (await there.ProxmoxAsync(config)).GetProperty(key).GetString()!;
        var value = setting.Split(',').Select(p => p.Split('=')).First(p => p[0] is "uuid" or "virtio" or "hwaddr")[1];
        var machine = key == "smbios1" ? new OwnMachine([], [Unused], value.ToUpperInvariant(), inside) : new OwnMachine([], [Unused, value], null, inside);

        await using var rig = await StartAsync(machine);
        var own = await OwnAsync(rig);
        Assert.Equal(("lab1", "guest", $"{vmid}"), (own.GetProperty("cluster").GetString(), own.GetProperty("kind").GetString(), own.GetProperty("id").GetString()));
        var (status, refused) = await rig.CallAsync(inside is GuestType.Vm ? "stop_vm" : "stop_container", new { guest = vmid }, confirmed: true);
        Assert.Equal((HttpStatusCode.Forbidden, "DENY_PROTECTED"), (status, refused.GetProperty("code").GetString()));
        Assert.Contains("Jarvis itself runs there", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains((await rig.Cluster.AskAsync("/api/events?type=safety.own-place")).GetProperty("items").EnumerateArray(),
            e => e.GetProperty("summary").GetString() == $"Jarvis itself runs on guest {vmid}: it is protected.");
    }

    [Fact]
    public async Task The_node_that_the_server_runs_on_is_found_by_its_address()
    {
        await using var there = await ToolRig.StartAsync();
        var address = (await there.ProxmoxAsync("/cluster/status")).EnumerateArray().Single(r => r.GetProperty("name").GetString() == "pve2").GetProperty("ip").GetString()!;

        await using var rig = await StartAsync(new([address], [Unused], null, null));
        var own = await OwnAsync(rig);
        Assert.Equal(("node", "pve2"), (own.GetProperty("kind").GetString(), own.GetProperty("id").GetString()));
        var (status, refused) = await rig.CallAsync("evacuate_node", new { node = "pve2" }, confirmed: true);
        Assert.Equal((HttpStatusCode.Forbidden, "DENY_PROTECTED"), (status, refused.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_machine_that_is_nowhere_in_the_cluster_protects_nothing()
    {
        await using var rig = await StartAsync(new(["192.0.2.7"], [Unused], "00000000-0000-4000-8000-000000000000", GuestType.Vm));
        for (var i = 0; i < 50; i++) await MomentAsync(rig);

        Assert.Empty((await rig.Cluster.AskAsync("/api/policy")).GetProperty("own").EnumerateArray());
        Assert.Equal(HttpStatusCode.Accepted, (await rig.CallAsync("stop_vm", new { guest = 104 })).Status);
    }

    [Fact]
    public void What_this_machine_says_of_itself_can_be_read()
    {
        var machine = OwnMachine.Read();
        Assert.All(machine.Macs, mac => Assert.Matches("^([0-9A-F]{2}:){5}[0-9A-F]{2}$", mac));
        Assert.DoesNotContain("127.0.0.1", machine.Addresses);
    }

    private static async Task<ToolRig> StartAsync(OwnMachine machine) =>
        new() { Cluster = await ClusterRig.StartAsync([1], [], builder => builder.Services.AddSingleton(machine)) };

    private static async Task<JsonElement> OwnAsync(ToolRig rig)
    {
        while (true)
        {
            if ((await rig.Cluster.AskAsync("/api/policy")).GetProperty("own").EnumerateArray().ToList() is [var one]) return one;
            await MomentAsync(rig);
        }
    }

    private static Task MomentAsync(ToolRig rig)
    {
        rig.Cluster.Server.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ToolRig.Stop);
    }
}
