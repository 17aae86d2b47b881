using System.Net;
using System.Net.WebSockets;
using System.Text;
using Jarvis.Proxmox.Wire;
using Jarvis.Simulator;

namespace Jarvis.Proxmox.Tests;

/// <summary>The client against a whole cluster that behaves as the real one.</summary>
public sealed class SimulatorTests : IAsyncLifetime
{
    private const string Token = "root@pam!tests=0a1b2c3d-1111-4222-8333-444455556666";
    private SimulatorHost? host;
    private ProxmoxClient? client;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private SimulatorHost Host => host ?? throw new InvalidOperationException("The simulator does not run.");

    private ProxmoxClient Client => client ?? throw new InvalidOperationException("The simulator does not run.");

    public async ValueTask InitializeAsync()
    {
        host = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                Scenario = "three-nodes",
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Token = Token,
                User = "root@pam",
                Password = "simulated",
                Speed = 20,
                Terminal = true,
                UnauthorizedDelay = TimeSpan.FromMilliseconds(50),
            },
            TimeProvider.System, Now);
        client = new ProxmoxClient(Options, TimeProvider.System);
    }

    private ProxmoxOptions Options => new()
    {
        Endpoints = Host.Endpoints,
        Credential = ProxmoxCredential.FromToken(Token),
        CaFile = Host.CaFile,
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_whole_cluster_is_read()
    {
        var resources = await Client.GetResourcesAsync(Now);
        var status = await Client.GetClusterStatusAsync(Now);
        var nodes = await Client.GetNodesAsync(Now);

        Assert.Equal(["pve1", "pve2", "pve3"], nodes.Select(node => node.Node).Order());
        Assert.Contains(resources, row => row is { Type: "qemu", VmId: 100, Name: "web", Status: "running" });
        Assert.True(Assert.Single(status, row => row.Type == "cluster").Quorate);
        Assert.Equal(Host.Fingerprints.Values.Order(), Client.LearnedFingerprints.Order());
        Assert.StartsWith("9.", (await Client.GetVersionAsync(Now)).Version, StringComparison.Ordinal);
        Assert.Contains("VM.PowerMgmt", (await Client.GetPermissionsAsync(Now)).Values.SelectMany(path => path.Keys));
    }

    [Fact]
    public async Task Every_read_of_a_cluster_and_its_nodes_is_understood()
    {
        await Client.GetClusterTasksAsync(Now);
        await Client.GetClusterLogAsync(20, Now);
        await Client.GetClusterOptionsAsync(Now);
        await Client.GetHaStatusAsync(Now);
        await Client.GetHaResourcesAsync(Now);
        await Client.GetHaRulesAsync(Now);
        await Client.GetBackupJobsAsync(Now);
        await Client.GetUncoveredGuestsAsync(Now);
        await Client.GetReplicationJobsAsync(Now);
        await Client.GetCephStatusAsync(Now);
        await Client.GetPoolAsync(Assert.Single(await Client.GetPoolsAsync(Now)).PoolId!, Now);
        await Client.GetStorageConfigAsync(Now);
        Assert.Equal(3, (await Client.GetJoinInfoAsync(Now)).NodeList.Count);
        Assert.True(await Client.GetNextIdAsync(Now) >= 107);
        await Client.GetUsersAsync(Now);
        await Client.GetTokensAsync("root@pam", Now);
        await Client.GetRolesAsync(Now);
        await Client.GetAclAsync(Now);
        await Client.GetRealmsAsync(Now);

        Assert.True((await Client.GetNodeStatusAsync("pve1", Now)).Memory!.Total > 0);
        Assert.NotEmpty(await Client.GetNodeRrdAsync("pve1", RrdSpan.Hour, RrdFold.Average, Now));
        await Client.GetNodeVersionAsync("pve2", Now);
        await Client.GetUpdatesAsync("pve1", Now);
        await Client.GetPackageVersionsAsync("pve1", Now);
        Assert.Contains(await Client.GetServicesAsync("pve1", Now), service => service.Service == "pveproxy");
        Assert.Equal("pvedaemon", (await Client.GetServiceAsync("pve1", "pvedaemon", Now)).Service);
        Assert.NotEmpty(await Client.GetNetworkAsync("pve1", Now));
        await Client.GetNodeConfigAsync("pve1", Now);
        Assert.True((await Client.GetNodeTimeAsync("pve1", Now)).Time > 1_700_000_000);
        await Client.GetSubscriptionAsync("pve1", Now);
        Assert.NotEmpty(await Client.GetCertificatesAsync("pve1", Now));
        Assert.DoesNotContain(await Client.GetJournalAsync("pve1", 20, Now), line => line.StartsWith("s=", StringComparison.Ordinal));
        await Client.GetNodeReplicationAsync("pve2", Now);
        Assert.Equal(3, (await Client.GetDisksAsync("pve1", true, Now)).Count);
        await Client.GetSmartAsync("pve1", "/dev/sda", Now);
        Assert.Equal("tank", Assert.Single(await Client.GetZfsPoolsAsync("pve1", Now)).Name);
        await Client.GetZfsPoolAsync("pve1", "tank", Now);
        await Client.GetThinPoolsAsync("pve2", Now);
    }

    [Fact]
    public async Task Every_read_of_storages_and_guests_is_understood()
    {
        var storages = await Client.GetStoragesAsync("pve1", Now);
        Assert.Contains(storages, storage => storage is { Storage: "nfs", Shared: true, Active: true });
        await Client.GetStorageAsync("pve1", "nfs", Now);
        Assert.NotEmpty(await Client.GetStorageContentAsync("pve1", "local", "iso", null, Now));
        Assert.NotEmpty(await Client.GetStorageRrdAsync("pve1", "nfs", RrdSpan.Day, RrdFold.Average, Now));

        Assert.NotEmpty(await Client.GetGuestsAsync("pve1", GuestType.Qemu, Now));
        Assert.NotEmpty(await Client.GetGuestsAsync("pve1", GuestType.Lxc, Now));
        await ReadGuestAsync("pve1", GuestType.Qemu, 100);
        await ReadGuestAsync("pve1", GuestType.Lxc, 101);
        Assert.Contains(await Client.GetSnapshotsAsync("pve2", GuestType.Qemu, 102, Now), snapshot => snapshot.Name == "before-upgrade");
        await Client.CheckMigrationAsync("pve2", 102, null, Now);
        await Client.GetGuestOsAsync("pve2", 102, Now);
        await Client.GetGuestFileSystemsAsync("pve2", 102, Now);
        await Client.PingAgentAsync("pve2", 102, Now);
        Assert.NotEmpty(await Client.GetNodeTasksAsync("pve1", new TaskFilter { Limit = 5 }, Now));
    }

    [Fact]
    public async Task A_guest_is_started_followed_and_stopped()
    {
        var lines = new List<TaskLogLine>();
        var started = await Client.WaitAsync(await Client.StartGuestAsync("pve3", GuestType.Qemu, 105, Now), lines.Add, Now);
        Assert.Equal((TaskOutcome.Ok, "qmstart", "pve3"), (started.Outcome, started.Upid.Type, started.Upid.Node));
        Assert.Equal("TASK OK", started.LastLogLines[^1]);
        Assert.Equal("running", (await Client.GetGuestStatusAsync("pve3", GuestType.Qemu, 105, TimeSpan.Zero, Now)).Status);

        var again = await Client.WaitAsync(await Client.StartGuestAsync("pve3", GuestType.Qemu, 105, Now), null, Now);
        Assert.Equal((TaskOutcome.Error, "VM 105 already running"), (again.Outcome, again.ExitStatus));

        var stopped = await Client.WaitAsync(await Client.StopGuestAsync("pve3", GuestType.Qemu, 105, Now), null, Now);
        Assert.Equal(TaskOutcome.Ok, stopped.Outcome);
        Assert.Equal("stopped", (await Client.GetGuestStatusAsync("pve3", GuestType.Qemu, 105, Now)).Status);
    }

    [Fact]
    public async Task A_snapshot_is_made_and_deleted_and_settings_change()
    {
        var made = await Client.CreateSnapshotAsync("pve2", GuestType.Lxc, 103, "probe", "by a test", false, Now);
        Assert.Equal(TaskOutcome.Ok, (await Client.WaitAsync(made, null, Now)).Outcome);
        Assert.Contains(await Client.GetSnapshotsAsync("pve2", GuestType.Lxc, 103, Now), row => row.Name == "probe");
        var deleted = await Client.DeleteSnapshotAsync("pve2", GuestType.Lxc, 103, "probe", Now);
        Assert.Equal(TaskOutcome.Ok, (await Client.WaitAsync(deleted, null, Now)).Outcome);

        await Client.ChangeGuestAsync("pve2", GuestType.Lxc, 103, new GuestChange { MemoryMib = 2048, Tags = "cache;tuned" }, Now);
        var config = await Client.GetGuestConfigAsync("pve2", GuestType.Lxc, 103, Now);
        Assert.Equal(2048, config.MemoryMib);
        Assert.Equal(["cache", "tuned"], config.Tags);
    }

    [Fact]
    public async Task Proxmoxs_refusals_arrive_in_its_own_words()
    {
        var missing = await Assert.ThrowsAsync<ProxmoxException>(() => Client.GetGuestConfigAsync("pve1", GuestType.Qemu, 4711, Now));
        Assert.Equal((ProxmoxFailure.ServerError, 500), (missing.Kind, missing.Status));
        Assert.Contains("4711.conf' does not exist", missing.Reason, StringComparison.Ordinal);

        var running = await Assert.ThrowsAsync<ProxmoxException>(() => Client.StartGuestAsync("pve1", GuestType.Lxc, 101, Now));
        Assert.Equal("CT 101 already running", running.Reason);

        var wrong = await Assert.ThrowsAsync<ProxmoxException>(
            () => Client.CreateGuestAsync("pve1", GuestType.Qemu, 99, new Dictionary<string, string> { ["nonsense"] = "1" }, Now));
        Assert.Equal(ProxmoxFailure.BadRequest, wrong.Kind);
        Assert.Equal(["nonsense", "vmid"], wrong.Errors.Keys.Order());
    }

    [Fact]
    public async Task A_terminal_opens_and_answers()
    {
        using var terminal = await Client.OpenNodeTerminalAsync("pve2", Now);
        await terminal.SendAsync("0:14:echo $((6*7))\n"u8.ToArray(), WebSocketMessageType.Binary, true, Now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Now);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        while (!heard.ToString().Contains("42", StringComparison.Ordinal))
        {
            var part = await terminal.ReceiveAsync(buffer.AsMemory(), limit.Token);
            heard.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
    }

    [Fact]
    public async Task A_terminal_that_does_not_exist_is_refused_in_Proxmoxs_words()
    {
        var failure = await Assert.ThrowsAsync<ProxmoxException>(
            () => Client.OpenGuestTerminalAsync("pve3", GuestType.Qemu, 4711, Now));
        Assert.Equal(ProxmoxFailure.ServerError, failure.Kind);
    }

    [Fact]
    public async Task A_password_does_for_a_token()
    {
        using var byTicket = new ProxmoxClient(
            Options with { Credential = ProxmoxCredential.FromLogin("root@pam", "simulated") }, TimeProvider.System);
        Assert.NotEmpty(await byTicket.GetResourcesAsync(Now));
        var upid = await byTicket.StartGuestAsync("pve3", GuestType.Lxc, 106, Now);
        Assert.Equal("root@pam", upid.User);
    }

    [Fact]
    public async Task A_wrong_token_is_unauthorized()
    {
        using var stranger = new ProxmoxClient(
            Options with { Credential = ProxmoxCredential.FromToken("root@pam!tests=wrong") }, TimeProvider.System);
        Assert.Equal(ProxmoxFailure.Unauthorized, (await Assert.ThrowsAsync<ProxmoxException>(() => stranger.GetVersionAsync(Now))).Kind);
    }

    [Fact]
    public async Task When_the_node_in_use_dies_another_answers_and_the_dead_one_is_named()
    {
        await Client.GetVersionAsync(Now);
        await Host.AddFaultAsync("node-off", "pve1", null, Now);

        Assert.NotEmpty(await Client.GetResourcesAsync(TimeSpan.Zero, Now));
        Assert.False(Client.Statistics.Endpoints[0].InUse);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => Client.GetNodeStatusAsync("pve1", TimeSpan.Zero, Now));
        Assert.Equal(ProxmoxFailure.Unreachable, failure.Kind);
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("garble")]
    [InlineData("reset")]
    [InlineData("errors")]
    public async Task No_fault_of_transport_is_mistaken_for_an_answer(string fault)
    {
        await Host.AddFaultAsync(fault, "*", null, Now);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => Client.GetResourcesAsync(TimeSpan.Zero, Now));
        Assert.Contains(failure.Kind, (ProxmoxFailure[])[ProxmoxFailure.BadAnswer, ProxmoxFailure.Unreachable, ProxmoxFailure.ServerError]);
    }

    private async Task ReadGuestAsync(string node, GuestType type, int vmid)
    {
        Assert.Equal(vmid, (await Client.GetGuestStatusAsync(node, type, vmid, Now)).VmId);
        var config = await Client.GetGuestConfigAsync(node, type, vmid, Now);
        Assert.NotNull(config.Digest);
        Assert.NotEmpty(config.Disks);
        Assert.NotEmpty(config.Networks);
        await Client.GetPendingAsync(node, type, vmid, Now);
        Assert.Contains(await Client.GetSnapshotsAsync(node, type, vmid, Now), snapshot => snapshot.Name == "current");
        Assert.NotEmpty(await Client.GetGuestRrdAsync(node, type, vmid, RrdSpan.Hour, RrdFold.Maximum, Now));
        Assert.NotEmpty(await Client.GetGuestInterfacesAsync(node, type, vmid, Now));
    }
}
