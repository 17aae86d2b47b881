using System.Net;
using System.Net.Sockets;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Events;
using Jarvis.Simulator;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cli;

public sealed class DoctorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_healthy_server_has_nothing_but_OK_running_or_not()
    {
        int port;
        await using (var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0")], _folder.File("data")))
        {
            await server.Services.GetRequiredService<EventLog>().AppendAsync(LogFixture.Some(), Stop);
            port = server.Address.Port;
            var running = await Run.Of("doctor", "--data", _folder.File("data"), "--Server:Address=0.0.0.0", "--port", $"{port}");
            Assert.Contains("a server is using this data folder", running.Output, StringComparison.Ordinal);
            Assert.True((running.Code, Bad(running)) == (0, 0), running.Output);
        }

        var stopped = await Run.Of("doctor", "--data", _folder.File("data"), "--port", "0");
        Assert.True((stopped.Code, Bad(stopped)) == (0, 0), stopped.Output);
        Assert.Contains("OK    Database events.db: whole, events 1", stopped.Output, StringComparison.Ordinal);
        Assert.Contains("ca.pem: good until", stopped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_told_and_nothing_else_is_looked_at()
    {
        var run = await Run.Of("doctor", "--data", _folder.Path, "--Auth:SessionDays=0");
        Assert.Equal(1, run.Code);
        Assert.StartsWith("FAIL  Settings: Auth:SessionDays '0' is refused", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_event_a_broken_database_and_an_open_key_are_found()
    {
        await using (var server = await TestServer.StartAsync(data: _folder.Path)) await server.Services.GetRequiredService<EventLog>().AppendAsync(LogFixture.Some(), Stop);
        using (var connection = new SqliteConnection($"Data Source={_folder.File("events.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TRIGGER texts_keep; UPDATE event_texts SET summary = 'Nothing happened.'";
            command.ExecuteNonQuery();
        }

        await File.WriteAllTextAsync(_folder.File("history.db"), "no database at all", Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.File("signing.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var run = await Run.Of("doctor", "--data", _folder.Path, "--port", "0");
        Assert.Equal(1, run.Code);
        Assert.Contains("FAIL  Events: the chain is broken at 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  Database history.db: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("WARN  Permissions: others may open", run.Output, StringComparison.Ordinal);
        Assert.Equal(Bad(run), run.Output.Split('\n').Count(l => l.StartsWith("      → ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_port_that_another_program_holds_is_found()
    {
        await using var other = await TestServer.StartAsync();
        var run = await Run.Of("doctor", "--data", _folder.Path, "--port", $"{other.Address.Port}");
        Assert.Equal(1, run.Code);
        Assert.Contains("is held by another program", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_are_tried_each_by_its_address_its_certificate_its_token_and_its_rights()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new() { Scenario = "three-nodes", Listen = new(IPAddress.Loopback, 0), UnauthorizedDelay = TimeSpan.Zero }, TimeProvider.System, Stop);
        await File.WriteAllTextAsync(_folder.File("good"), simulator.Token, Stop);
        await File.WriteAllTextAsync(_folder.File("bad"), simulator.Token!.Split('=')[0] + "=00000000-0000-0000-0000-000000000000", Stop);
        var secret = simulator.Token!.Split('=');
        var address = simulator.Endpoints[0].ToString();

        var run = await Run.Of(["doctor", "--data", _folder.Path, "--port=0", .. Cluster(0, "well", address, "good"), .. Cluster(1, "refused", address, "bad"), .. Cluster(2, "away", "https://127.0.0.1:1/", "good"),
            .. Cluster(3, "stranger", address, "good", "AA" + new string('0', 62))]);
        Assert.Equal(1, run.Code);
        Assert.Matches("OK    Cluster well: .* answers, Proxmox VE", run.Output);
        Assert.Contains("sees nodes, guests and storage", run.Output, StringComparison.Ordinal);
        Assert.Contains("the token is not known there", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  Cluster away: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("to the cluster's Fingerprints", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[1], run.Output, StringComparison.Ordinal);

        string[] Cluster(int index, string key, string endpoint, string token, string? fingerprint = null) =>
        [
            $"--Clusters:{index}:Key={key}", $"--Clusters:{index}:Endpoints:0={endpoint}", $"--Clusters:{index}:TokenFile={_folder.File(token)}",
            .. (fingerprint is null ? simulator.Fingerprints.Values : [fingerprint]).Select((f, i) => $"--Clusters:{index}:Fingerprints:{i}={f}"),
        ];
    }

    [Fact]
    public async Task A_server_starts_while_it_looks()
    {
        await using (await TestServer.StartAsync(data: _folder.File("data")))
        {
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await File.WriteAllTextAsync(_folder.File("token"), "root@pam!x=00000000-0000-0000-0000-000000000000", Stop);
        var looking = Run.Of("doctor", "--data", _folder.File("data"), "--port=0", "--Clusters:0:Key=slow", $"--Clusters:0:Endpoints:0=https://{listener.LocalEndpoint}/", $"--Clusters:0:TokenFile={_folder.File("token")}");
        using (var asked = await listener.AcceptTcpClientAsync(Stop))
        {
            await using var server = await TestServer.StartAsync(data: _folder.File("data"));
            Assert.False(looking.IsCompleted);
            listener.Stop();
        }

        Assert.Contains("FAIL  Cluster slow: ", (await looking).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_that_were_added_are_tried_too_but_none_that_is_paused()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        foreach (var key in (string[])["well", "idle"]) await rig.AddAsync(key, host);
        using var paused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/idle", new { paused = true });
        var data = rig.Server.Services.GetRequiredService<DataFolder>();
        await rig.Server.Services.GetRequiredService<ClusterStore>().SaveAsync(new() { Key = "gone", Name = "gone", Address = new("https://127.0.0.1:1/") }, Stop);
        rig.Server.Services.GetRequiredService<TokenFiles>().Write("gone", host.Token!);
        await DamagedRowTests.DamageAsync(rig.Server, "odd", "nowhere");

        var run = await Run.Of("doctor", "--data", data.Path, "--port", $"{rig.Server.Address.Port}");

        Assert.Equal(1, run.Code);
        Assert.All(host.Endpoints, e => Assert.Contains($"OK    Cluster well: {e.Authority} answers, Proxmox VE", run.Output, StringComparison.Ordinal));
        Assert.Contains("OK    Cluster well: root@pam!sim sees nodes, guests and storage", run.Output, StringComparison.Ordinal);
        Assert.Contains("OK    Cluster idle: paused, not asked", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  Cluster gone: 127.0.0.1:1", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  Cluster odd: an address that is kept of it in jarvis.db cannot be used: 'nowhere' is not https://HOST:PORT", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split('\n').Count(l => l.StartsWith("FAIL", StringComparison.Ordinal)));
        Assert.DoesNotContain(host.Token!.Split('=')[1], run.Output, StringComparison.Ordinal);
    }

    private static int Bad(Run run) => run.Output.Split('\n').Count(l => l.StartsWith("FAIL", StringComparison.Ordinal) || l.StartsWith("WARN", StringComparison.Ordinal));
}
