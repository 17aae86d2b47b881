using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Jarvis.Server.Tests.Cluster;

namespace Jarvis.Server.Tests.Tools;

/// <summary>The whole product over a simulated cluster, its tools called over REST.</summary>
internal sealed class ToolRig : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(65);
    private HttpClient? _proxmox;
    private long _moved;

    public required ClusterRig Cluster { get; init; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ToolRig> StartAsync() => new() { Cluster = await ClusterRig.StartAsync(1) };

    /// <summary>Sends a call as it stands, while the clock runs.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string body, string? bearer = null, string path = "/api/tools/execute", string? key = null, HttpMethod? method = null, bool follows = false)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", bearer ?? Cluster.Signed.Access);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (follows) request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
        using var answer = await Running(Cluster.Server.Http.SendAsync(request, Stop));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return (answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> CallAsync(string tool, object args, bool confirmed = false, string? bearer = null, bool dryRun = false, bool follows = false) =>
        SendAsync(JsonSerializer.Serialize(new { tool, args, confirmed, dryRun }), bearer, follows: follows);

    /// <summary>Calls and follows the run to its end.</summary>
    public async Task<JsonElement> DoAsync(string tool, object args, bool confirmed = false, string? bearer = null)
    {
        var (status, answer) = await CallAsync(tool, args, confirmed, bearer, follows: true);
        Assert.True(status is HttpStatusCode.OK, $"{tool}: {status} {answer}");
        return await EndAsync(answer, bearer);
    }

    public async Task<JsonElement> EndAsync(JsonElement answer, string? bearer = null)
    {
        // Nothing but the cluster waits for the clock: it may run faster.
        answer = await EndedAsync(answer, Quick, bearer);
        Assert.True(answer.GetProperty("outcome").GetString() == "completed", answer.ToString());
        return answer;
    }

    /// <summary>Follows the run to whatever end, while the clock moves on by a step at each look.</summary>
    public async Task<JsonElement> EndedAsync(JsonElement answer, TimeSpan step, string? bearer = null)
    {
        while (answer.GetProperty("outcome").GetString() == "running")
        {
            await Running(Task.Delay(Pause, TimeProvider.System, Stop));
            Cluster.Server.Time.Advance(step);
            using var now = await Cluster.AskAsync(HttpMethod.Get, $"/api/tools/runs/{answer.GetProperty("auditId").GetString()}", bearer: bearer);
            Assert.Equal(HttpStatusCode.OK, now.StatusCode);
            answer = await now.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }

        return answer;
    }

    /// <summary>What a read gives.</summary>
    public async Task<JsonElement> ReadAsync(string tool, object? args = null, string? bearer = null) => (await DoAsync(tool, args ?? new { }, bearer: bearer)).GetProperty("result");

    /// <summary>A read that fails, and what it says then.</summary>
    public async Task<string> FailsAsync(string tool, object args)
    {
        var (status, answer) = await CallAsync(tool, args);
        Assert.True((HttpStatusCode.OK, "failed") == (status, answer.GetProperty("outcome").GetString()), $"{tool}: {status} {answer}");
        return answer.GetProperty("why").GetString()!;
    }

    /// <summary>Lets a minute pass, so that nothing is known from before and Proxmox may be asked anew.</summary>
    public Task RestAsync()
    {
        var later = Cluster.Server.Time.GetUtcNow() + Minute;
        return Cluster.SeesAsync(Cluster.Clusters.Only!, v => v.Header.ObservedAt >= later);
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> DecideAsync(JsonElement approval, object decision, string? bearer = null) =>
        SendAsync(JsonSerializer.Serialize(decision), bearer, $"/api/approvals/{approval.GetProperty("id").GetString()}/decide");

    /// <summary>Every guest as the simulated cluster itself has it: where, how it runs, its settings' digest, its snapshots.</summary>
    public async Task<Dictionary<int, string>> WorldAsync()
    {
        Dictionary<int, string> world = [];
        foreach (var row in (await ProxmoxAsync("/cluster/resources?type=vm")).EnumerateArray())
        {
            var (vmid, kind, node) = (row.GetProperty("vmid").GetInt32(), row.GetProperty("type").GetString(), row.GetProperty("node").GetString());
            var status = await ProxmoxAsync($"/nodes/{node}/{kind}/{vmid}/status/current");
            var config = await ProxmoxAsync($"/nodes/{node}/{kind}/{vmid}/config");
            var snapshots = (await ProxmoxAsync($"/nodes/{node}/{kind}/{vmid}/snapshot")).EnumerateArray().Select(s => s.GetProperty("name").GetString());
            var qmp = status.TryGetProperty("qmpstatus", out var of) ? of.GetString() : "-";
            world[vmid] = $"{node} {status.GetProperty("status").GetString()} {qmp} {config.GetProperty("digest").GetString()} {string.Join(',', snapshots)}";
        }

        return world;
    }

    public async Task<JsonElement> ProxmoxAsync(string path)
    {
        _proxmox ??= FirstContactTests.HttpOf(Cluster.Simulators[0]);
        return (await _proxmox.GetFromJsonAsync<JsonElement>(new Uri($"/api2/json{path}", UriKind.Relative), Stop)).GetProperty("data").Clone();
    }

    /// <summary>Changes settings as somebody else would: at once, where a POST would leave it to a task.</summary>
    public Task ChangeAsync(string path, params (string Name, string Value)[] form) => TellAsync(HttpMethod.Put, path, form);

    /// <summary>Sends the cluster what somebody else would.</summary>
    public async Task TellAsync(HttpMethod method, string path, params (string Name, string Value)[] form)
    {
        _proxmox ??= FirstContactTests.HttpOf(Cluster.Simulators[0]);
        using var request = new HttpRequestMessage(method, new Uri($"/api2/json{path}", UriKind.Relative));
        if (form.Length > 0) request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await Running(_proxmox.SendAsync(request, Stop));
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Stop)}");
    }

    /// <summary>Does something in the cluster as somebody else would.</summary>
    public async Task PostAsync(string path, params (string Name, string Value)[] form)
    {
        _proxmox ??= FirstContactTests.HttpOf(Cluster.Simulators[0]);
        using var answer = await Running(_proxmox.PostAsync(new Uri($"/api2/json{path}", UriKind.Relative), new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))), Stop));
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.ReasonPhrase}");
    }

    /// <summary>The audit's rows of one call: part and verdict, in order.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(JsonElement answer) =>
    [
        .. (await Cluster.AskAsync($"/api/audit/{answer.GetProperty("auditId").GetString()}")).GetProperty("items").EnumerateArray()
            .Select(r => $"{r.GetProperty("part").GetString()} {r.GetProperty("verdict").GetString()}"),
    ];

    /// <summary>Nothing in the cluster moved, and one row says why.</summary>
    public async Task RefusedAsync(HttpStatusCode status, string code, string body, string? bearer = null)
    {
        var before = await WorldAsync();
        var (answered, answer) = await SendAsync(body, bearer);
        Assert.True((status, code) == (answered, answer.GetProperty("code").GetString()), $"{answered} {answer}");
        Assert.Equal(before, await WorldAsync());
        Assert.Equal([$"whole {code}"], await AuditAsync(answer));
    }

    /// <summary>Waits while the clock that the server and the cluster live by runs.</summary>
    public async Task<T> Running<T>(Task<T> task)
    {
        await Running((Task)task);
        return await task;
    }

    /// <summary>As above, for what gives nothing.</summary>
    public async Task Running(Task task)
    {
        while (await Task.WhenAny(task, Task.Delay(Pause, TimeProvider.System, Stop)) != task)
        {
            // Of those that wait at once one moves the clock, or it would run away.
            var moved = _moved;
            if (Stopwatch.GetElapsedTime(moved) >= Pause && Interlocked.CompareExchange(ref _moved, Stopwatch.GetTimestamp(), moved) == moved) Cluster.Server.Time.Advance(Step);
        }
        await task;
    }

    public async ValueTask DisposeAsync()
    {
        _proxmox?.Dispose();
        await Cluster.DisposeAsync();
    }
}
