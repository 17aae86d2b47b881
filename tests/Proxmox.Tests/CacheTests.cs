using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Proxmox.Tests;

public sealed class CacheTests
{
    private const string Rows = """{"data":[{"id":"node/a","type":"node","status":"online"}]}""";
    private const string Started = """{"data":"UPID:pve1:00000D07:0000DAB9:5FBE5E87:qmstart:100:root@pam:"}""";

    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_kept_for_its_kinds_time_and_no_longer()
    {
        await using var server = HostileServer.Answering("""{"data":[]}""");
        using var client = new ProxmoxClient(Clients.Options(server), clock);

        Assert.Equal((1, 1, 1), await AskAsync());
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((1, 1, 1), await AskAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((2, 1, 1), await AskAsync());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((2, 2, 1), await AskAsync());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((3, 2, 2), await AskAsync());

        async Task<(int Status, int Tasks, int Storage)> AskAsync()
        {
            await client.GetClusterStatusAsync(Now);
            await client.GetClusterTasksAsync(Now);
            await client.GetStoragesAsync("pve1", Now);
            return (Count("/status"), Count("/tasks"), Count("/storage"));
        }

        int Count(string end) => server.Requests.Count(heard => heard.Target.EndsWith(end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_may_demand_a_younger_answer_which_then_serves_all()
    {
        await using var server = HostileServer.Answering(Rows);
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        var first = await client.GetResourcesAsync(Now);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Same(first, await client.GetResourcesAsync(TimeSpan.FromSeconds(3), Now));
        var second = await client.GetResourcesAsync(TimeSpan.FromSeconds(2), Now);

        Assert.NotSame(first, second);
        Assert.Same(second, await client.GetResourcesAsync(Now));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_request_and_one_that_leaves_does_not_end_it()
    {
        var heard = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = new HostileServer(async (_, wire) =>
        {
            heard.TrySetResult();
            await go.Task;
            await wire.JsonAsync(Rows);
        });
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var impatient = client.GetResourcesAsync(leaving.Token);
        var others = Enumerable.Range(0, 20).Select(_ => client.GetResourcesAsync(TimeSpan.Zero, Now)).ToArray();
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Now);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        go.SetResult();

        Assert.All(await Task.WhenAll(others), rows => Assert.Single(rows));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Our_own_write_makes_every_kept_answer_stale()
    {
        await using var server = new HostileServer((heard, wire) => wire.JsonAsync(heard.Method == "GET" ? Rows : Started));
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        await client.GetResourcesAsync(Now);
        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);
        await client.GetResourcesAsync(Now);
        Assert.Equal(["GET", "POST", "GET"], server.Requests.Select(heard => heard.Method));
    }

    [Fact]
    public async Task An_answer_asked_for_before_a_write_is_not_given_to_those_who_ask_after_it()
    {
        var slow = new TaskCompletionSource();
        var heardFirst = new TaskCompletionSource();
        var reads = 0;
        await using var server = new HostileServer(async (heard, wire) =>
        {
            if (heard.Method == "GET" && Interlocked.Increment(ref reads) == 1)
            {
                heardFirst.SetResult();
                await slow.Task;
            }

            await wire.JsonAsync(heard.Method == "GET" ? Rows : Started);
        });
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        var before = client.GetResourcesAsync(Now);
        await heardFirst.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Now);
        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);
        var after = await client.GetResourcesAsync(Now);
        slow.SetResult();

        Assert.NotSame(after, await before);
        Assert.Same(after, await client.GetResourcesAsync(Now));
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var isBroken = true;
        await using var server = new HostileServer((_, wire) =>
            isBroken ? wire.JsonAsync("", 500, "got no worker upid - start worker failed") : wire.JsonAsync(Rows));
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(Now));
        isBroken = false;
        Assert.Single(await client.GetResourcesAsync(Now));
    }

    [Fact]
    public async Task A_burst_of_failures_is_told_each_time_and_ends_by_itself()
    {
        var left = 5;
        await using var server = new HostileServer((_, wire) =>
            left-- > 0 ? wire.JsonAsync("", 500, "internal error") : wire.JsonAsync(Rows));
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        for (var at = 0; at < 5; at++)
        {
            await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(Now));
        }

        Assert.Single(await client.GetResourcesAsync(Now));
        Assert.Equal((6, 5), (client.Statistics.Calls, client.Statistics.Failures));
    }
}
