using Jarvis.Proxmox.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Proxmox.Tests;

public sealed class TaskTests
{
    private static readonly Upid Task1 = Upid.Parse("UPID:pve2:00000D07:0000DAB9:5FBE5E87:qmstart:100:mon@pve!tok:");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OK", TaskOutcome.Ok, 0)]
    [InlineData("WARNINGS: 2", TaskOutcome.Warnings, 2)]
    [InlineData("VM quit/powerdown failed - got timeout", TaskOutcome.Error, 0)]
    [InlineData("interrupted by signal", TaskOutcome.Error, 0)]
    [InlineData("unexpected status", TaskOutcome.Unknown, 0)]
    public async Task A_task_is_followed_on_its_own_node_to_its_end(string exitStatus, TaskOutcome outcome, int warnings)
    {
        var polls = 0;
        await using var server = TaskServer(() => ++polls < 3 ? Running : Stopped(exitStatus), 12);
        using var client = Clients.Of(server);
        var result = await client.WaitAsync(Task1, null, Now);

        Assert.Equal((outcome, exitStatus, warnings), (result.Outcome, result.ExitStatus, result.Warnings));
        Assert.Equal(10, result.LastLogLines.Count);
        Assert.Equal("line 12", result.LastLogLines[^1]);
        Assert.StartsWith(
            "/api2/json/nodes/pve2/tasks/UPID%3Apve2%3A00000D07%3A0000DAB9%3A5FBE5E87%3Aqmstart%3A100%3Amon%40pve%21tok%3A/status",
            server.Requests.First().Target, StringComparison.Ordinal);
        Assert.Equal(3, polls);
    }

    [Fact]
    public async Task Log_lines_are_handed_over_once_each_and_in_order()
    {
        var polls = 0;
        await using var server = TaskServer(() => ++polls < 3 ? Running : Stopped("OK"), () => polls * 400);
        using var client = Clients.Of(server);
        var lines = new List<TaskLogLine>();
        await client.WaitAsync(Task1, lines.Add, Now);
        Assert.Equal(Enumerable.Range(1, 1200), lines.Select(line => (int)line.N));
    }

    [Fact]
    public async Task A_log_can_be_read_as_it_grows()
    {
        var polls = 0;
        await using var server = TaskServer(() => ++polls < 3 ? Running : Stopped("OK"), () => polls);
        using var client = Clients.Of(server);
        var lines = new List<string>();
        await foreach (var line in client.FollowLogAsync(Task1, Now))
        {
            lines.Add(line.T!);
        }

        Assert.Equal(["line 1", "line 2", "line 3"], lines);
    }

    [Fact]
    public async Task A_reader_that_leaves_early_ends_the_polling()
    {
        var clock = new FakeTimeProvider();
        await using var server = TaskServer(() => Running, 3);
        using var client = new ProxmoxClient(Clients.Options(server), clock);
        await foreach (var line in client.FollowLogAsync(Task1, Now))
        {
            Assert.Equal("line 1", line.T);
            break;
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_empty_log_has_no_lines()
    {
        await using var server = new HostileServer((heard, wire) => wire.JsonAsync(
            heard.Target.Contains("/log", StringComparison.Ordinal)
                ? """{"total":1,"data":[{"n":1,"t":"no content"}]}"""
                : Stopped("OK")));
        using var client = Clients.Of(server);
        var lines = new List<TaskLogLine>();
        await client.WaitAsync(Task1, lines.Add, Now);
        Assert.Empty(lines);
    }

    [Fact]
    public async Task A_garbled_answer_in_between_does_not_lose_the_task()
    {
        var polls = 0;
        await using var server = TaskServer(
            () => ++polls switch { 1 => Running, 2 => "<html>", 3 => "{\"data\":", _ => Stopped("OK") }, 1);
        using var client = Clients.Of(server);
        Assert.Equal(TaskOutcome.Ok, (await client.WaitAsync(Task1, null, Now)).Outcome);
    }

    [Fact]
    public async Task A_task_whose_node_vanishes_ends_with_an_unknown_outcome()
    {
        var polls = 0;
        await using var server = new HostileServer((_, wire) =>
            ++polls == 1 ? wire.JsonAsync(Running) : wire.JsonAsync("", 595, "No route to host"));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { TaskPatience = TimeSpan.FromSeconds(0.5) }, TimeProvider.System);
        var result = await client.WaitAsync(Task1, null, Now);

        Assert.Equal(TaskOutcome.Unknown, result.Outcome);
        Assert.Contains("pve2 cannot be asked", result.ExitStatus, StringComparison.Ordinal);
        Assert.Contains("No route to host", result.ExitStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_Proxmox_does_not_know_is_an_error_at_once()
    {
        await using var server = HostileServer.Answering(
            """{"data":null,"errors":{"upid":"no such task"}}""", 400, "Parameter verification failed.");
        using var client = Clients.Of(server);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.WaitAsync(Task1, null, Now));
        Assert.Equal("no such task", failure.Errors["upid"]);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        await using var server = TaskServer(() => Running, 1);
        using var client = Clients.Of(server);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var waiting = client.WaitAsync(Task1, _ => source.Cancel(), source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_task_is_stopped_by_a_delete()
    {
        await using var server = HostileServer.Answering("""{"data":null}""");
        using var client = Clients.Of(server);
        await client.StopTaskAsync(Task1, Now);
        Assert.Equal("DELETE", Assert.Single(server.Requests).Method);
    }

    private static string Running => """{"data":{"status":"running","upid":"x","node":"pve2","pid":1,"type":"qmstart","id":"100","user":"mon@pve"} }""";

    private static string Stopped(string exitStatus) => $$"""{"data":{"status":"stopped","exitstatus":"{{exitStatus}}","upid":"x"} }""";

    private static HostileServer TaskServer(Func<string> status, int lines) => TaskServer(status, () => lines);

    private static HostileServer TaskServer(Func<string> status, Func<int> lines) => new((heard, wire) =>
    {
        if (!heard.Target.Contains("/log?", StringComparison.Ordinal))
        {
            return wire.JsonAsync(status());
        }

        var query = heard.Target.Split('?')[1].Split('&').ToDictionary(part => part.Split('=')[0], part => int.Parse(part.Split('=')[1], null));
        var total = lines();
        var rows = Enumerable.Range(1, total).Skip(query["start"]).Take(query["limit"]).Select(n => $$"""{"n":{{n}},"t":"line {{n}}"}""");
        return wire.JsonAsync($$"""{"total":{{total}},"data":[{{string.Join(',', rows)}}]}""");
    });
}
