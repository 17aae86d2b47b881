using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Proxmox.Tests;

public sealed class EndpointTests
{
    private const string Version = """{"data":{"version":"9.1.6","release":"9.1","repoid":"abcdef"}}""";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_endpoint_is_used_until_it_fails_and_then_the_next_stays_in_use()
    {
        var clock = new FakeTimeProvider();
        var isDown = false;
        await using var first = new HostileServer((_, wire) =>
            isDown ? wire.JsonAsync("", 595, "No route to host") : wire.JsonAsync(Version));
        await using var second = HostileServer.Answering(Version);
        using var client = new ProxmoxClient(Clients.Options(first, second), clock);

        await client.GetVersionAsync(Now);
        Assert.Equal((1, 0), (first.Requests.Count, second.Requests.Count));

        isDown = true;
        clock.Advance(TimeSpan.FromSeconds(6));
        await client.GetVersionAsync(Now);
        Assert.Equal((2, 1), (first.Requests.Count, second.Requests.Count));
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromSeconds(10), client.Statistics.Endpoints[0].CoolsUntil);
        Assert.True(client.Statistics.Endpoints[1].InUse);

        isDown = false;
        clock.Advance(TimeSpan.FromMinutes(5));
        await client.GetVersionAsync(Now);
        Assert.Equal((2, 2), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task A_cooling_endpoint_is_asked_last_and_again_once_it_has_cooled()
    {
        var clock = new FakeTimeProvider();
        var down = new bool[3];
        Func<Heard, Wire, Task> AnswerOf(int number) => (_, wire) =>
            down[number] ? wire.JsonAsync("", 596, "Broken pipe") : wire.JsonAsync(Version);
        await using var a = new HostileServer(AnswerOf(0));
        await using var b = new HostileServer(AnswerOf(1));
        await using var c = new HostileServer(AnswerOf(2));
        using var client = new ProxmoxClient(Clients.Options(a, b, c), clock);

        down[0] = true;
        await client.GetVersionAsync(Now);
        down[1] = true;
        clock.Advance(TimeSpan.FromSeconds(6));
        await client.GetVersionAsync(Now);
        Assert.Equal((1, 2, 1), (a.Requests.Count, b.Requests.Count, c.Requests.Count));

        down[0] = false;
        down[2] = true;
        clock.Advance(TimeSpan.FromSeconds(6));
        await client.GetVersionAsync(Now);
        Assert.Equal((2, 2, 2), (a.Requests.Count, b.Requests.Count, c.Requests.Count));
    }

    [Fact]
    public async Task A_cool_down_grows_with_each_failure_up_to_eightfold()
    {
        var clock = new FakeTimeProvider();
        await using var server = HostileServer.Answering("", 595, "Connection refused");
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        var waits = new List<double>();
        for (var at = 0; at < 6; at++)
        {
            await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));
            waits.Add((client.Statistics.Endpoints[0].CoolsUntil!.Value - clock.GetUtcNow()).TotalSeconds);
        }

        Assert.Equal([10, 20, 40, 80, 80, 80], waits);
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_through_an_endpoint_does_not_condemn_it()
    {
        await using var first = HostileServer.Answering("", 595, "No route to host");
        await using var second = HostileServer.Answering("", 595, "No route to host");
        using var client = Clients.Of(first, second);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetNodeStatusAsync("dead", Now));

        Assert.Equal(ProxmoxFailure.Unreachable, failure.Kind);
        Assert.Equal(595, failure.Status);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
        Assert.All(client.Statistics.Endpoints, endpoint => Assert.Null(endpoint.CoolsUntil));
    }

    [Fact]
    public async Task When_all_fail_the_exception_names_each()
    {
        await using var first = HostileServer.Answering("", 595, "Connection refused");
        var second = HostileServer.Answering(Version);
        using var client = Clients.Of(first, second);
        await second.DisposeAsync();
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));

        Assert.Equal(ProxmoxFailure.Unreachable, failure.Kind);
        Assert.Contains(first.Address.Authority, failure.Message, StringComparison.Ordinal);
        Assert.Contains(second.Address.Authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_endpoint_gives_way_to_the_next_within_the_same_call()
    {
        await using var silent = new HostileServer((_, wire) => wire.NeverAsync());
        await using var second = HostileServer.Answering(Version);
        using var client = new ProxmoxClient(
            Clients.Options(silent, second) with { Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);

        Assert.Equal("9.1.6", (await client.GetVersionAsync(Now)).Version);
        await client.GetNodeVersionAsync("pve1", Now);
        Assert.Single(silent.Requests);
    }

    [Fact]
    public async Task An_error_of_Proxmox_itself_is_not_asked_elsewhere()
    {
        await using var first = HostileServer.Answering("", 500, "storage 'x' does not exist");
        await using var second = HostileServer.Answering(Version);
        using var client = Clients.Of(first, second);
        await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task A_kept_connection_that_died_is_replaced_without_the_caller_noticing()
    {
        await using var server = new HostileServer(async (_, wire) =>
        {
            await wire.JsonAsync(Version);
            wire.HangUp();
        });
        using var client = Clients.Of(server);
        for (var at = 0; at < 5; at++)
        {
            await client.GetNodeVersionAsync($"pve{at}", Now);
        }

        Assert.Equal(5, server.Connections);
    }

    [Fact]
    public async Task A_read_is_repeated_once_when_its_connection_breaks_before_the_answer_and_no_more()
    {
        var heard = 0;
        await using var server = new HostileServer((_, wire) =>
        {
            if (Interlocked.Increment(ref heard) == 2)
            {
                wire.Reset();
                return Task.CompletedTask;
            }

            return wire.JsonAsync(Version);
        });
        using var client = Clients.Of(server);
        await client.GetNodeVersionAsync("a", Now);
        await client.GetNodeVersionAsync("b", Now);
        Assert.Equal(3, heard);
    }

    [Fact]
    public async Task Other_nodes_are_learned_from_Proxmox_and_stand_in()
    {
        await using var server = new HostileServer((heard, wire) => wire.JsonAsync(
            heard.Target.EndsWith("/nodes", StringComparison.Ordinal)
                ? """{"data":[{"node":"pve1"},{"node":"pve2"}]}"""
                : """
                  {"data":[{"id":"cluster","type":"cluster","name":"lab","quorate":1},
                   {"id":"node/pve1","type":"node","name":"pve1","ip":"127.0.0.1","local":1},
                   {"id":"node/pve2","type":"node","name":"pve2","ip":"127.0.0.2"},{"id":"node/pve3","type":"node","name":"pve3"},
                   {"id":"node/pve4","type":"node","name":"pve4","ip":"fd00::2"}]}
                  """));
        using var client = Clients.Of(server);
        var known = await client.LearnEndpointsAsync(Now);
        Assert.Equal([server.Address, new Uri($"https://127.0.0.2:{server.Address.Port}")], known);
    }

    [Theory]
    [InlineData("http://pve:8006")]
    [InlineData("https://root:secret@pve:8006")]
    [InlineData("https://pve:8006/api2/json")]
    [InlineData("ftp://pve")]
    public void An_endpoint_must_be_plain_https(string address) =>
        Assert.Throws<ArgumentException>(() => new ProxmoxClient(
            new ProxmoxOptions { Endpoints = [new Uri(address)], Credential = ProxmoxCredential.FromToken("a@pve!b=c") }, TimeProvider.System));

    [Fact]
    public async Task Calls_are_counted_by_template_and_forgotten_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        var told = new List<FinishedCall>();
        await using var server = new HostileServer((heard, wire) => heard.Target.Contains("dead", StringComparison.Ordinal)
            ? wire.JsonAsync("", 500, "hostname lookup 'dead' failed")
            : wire.JsonAsync(Version));
        using var client = new ProxmoxClient(Clients.Options(server) with { CallFinished = told.Add }, clock);
        await client.GetNodeVersionAsync("a", Now);
        await client.GetNodeVersionAsync("b", Now);
        await Assert.ThrowsAsync<ProxmoxException>(() => client.GetNodeVersionAsync("dead", Now));

        var path = Assert.Single(client.Statistics.Paths);
        Assert.Equal(("GET", "/nodes/{node}/version", 3, 1), (path.Method, path.Path, path.Calls, path.Failures));
        Assert.Equal(2 * Version.Length, client.Statistics.Bytes);
        Assert.Equal([200, 200, 500], told.Select(call => call.Status));
        Assert.Equal(ProxmoxFailure.ServerError, told[2].Failure);
        Assert.All(told, call => Assert.InRange(call.Duration, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(5)));

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, client.Statistics.Calls);
    }
}
