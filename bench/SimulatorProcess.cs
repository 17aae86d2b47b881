using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Jarvis.Bench;

/// <summary>The simulator in a process of its own, and its admin API.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private const string Token = "root@pam!bench=7f0c1a52-6a0e-4a7c-9d6e-1f2b3c4d5e6f";
    private readonly Child _child;
    private readonly HttpClient _admin;
    private readonly HttpClient _api;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jarvis-bench-");

    private SimulatorProcess(Child child, JsonNode ready)
    {
        _child = child;
        Endpoints = [.. ready["endpoints"]!.AsArray().Select(e => e!.GetValue<string>())];
        Fingerprints = [.. ready["fingerprints"]!.AsObject().Select(f => f.Value!.GetValue<string>()).Distinct()];
        _admin = new() { BaseAddress = new(ready["admin"]!.GetValue<string>().TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
        _api = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, leaf, _, _) => leaf is not null && Pinned(leaf) } })
        {
            Timeout = TimeSpan.FromSeconds(5),
        };
        _api.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "PVEAPIToken=" + Token);
        TokenFile = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(TokenFile, Token);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public IReadOnlyList<string> Endpoints { get; }

    public IReadOnlyList<string> Fingerprints { get; }

    public string TokenFile { get; }

    public static Task<SimulatorProcess> FleetAsync(Rig rig, int nodes, int guests, CancellationToken cancellationToken) =>
        StartAsync(rig, ["--scenario", "fleet", "--nodes", $"{nodes}", "--guests", $"{guests}", "--single-endpoint"], cancellationToken);

    public static async Task<SimulatorProcess> StartAsync(Rig rig, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var child = Child.Start(
            rig.Simulator, [.. arguments, "--listen", "127.0.0.1:0", "--admin-port", "0", "--token", Token], new Dictionary<string, string>());
        try
        {
            var line = await child.FirstLine.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            return new(child, JsonNode.Parse(line)!);
        }
        catch
        {
            Console.Error.WriteLine(child.Tail(20));
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Requests by path since the last reset, and in all under the empty path.</summary>
    public async Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken)
    {
        var counts = await _admin.GetFromJsonAsync<JsonObject>("requests", cancellationToken) ?? [];
        var byPath = counts["byPath"]?.AsObject() ?? [];
        return byPath.ToDictionary(p => p.Key, p => p.Value!.GetValue<long>()).Append(new("", counts["total"]!.GetValue<long>())).ToDictionary();
    }

    public async Task ResetRequestsAsync(CancellationToken cancellationToken) =>
        (await _admin.DeleteAsync("requests", cancellationToken)).EnsureSuccessStatusCode();

    public async Task<string> FaultAsync(string kind, string? target, JsonObject? parameters, CancellationToken cancellationToken)
    {
        var fault = new JsonObject { ["kind"] = kind };
        if (target is not null) fault["target"] = target;
        if (parameters is not null) fault["params"] = parameters;
        using var answer = await _admin.PostAsJsonAsync("faults", fault, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The simulator refused {kind} on {target}: {body}");
        return JsonNode.Parse(body)!["id"]!.ToString();
    }

    /// <summary>Ends a fault that may have ended by itself, as a reboot does.</summary>
    public async Task EndFaultAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await _admin.DeleteAsync("faults/" + id, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NotFound) answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks as another client of Proxmox does, and gives the data of its answer.</summary>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Endpoints[0] + "/api2/json" + path);
        using var answer = await _api.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["data"]!;
    }

    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) =>
        (await _admin.PostAsJsonAsync("time", new { advance = by.TotalSeconds }, cancellationToken)).EnsureSuccessStatusCode();

    /// <summary>Every row of the cluster, in the words of <see cref="HubState.Rows"/>: nodes and guests as they truly
    /// are, storages as the API tells them.</summary>
    public async Task<IReadOnlySet<string>> RowsAsync(CancellationToken cancellationToken)
    {
        var truth = await _admin.GetFromJsonAsync<JsonObject>("state", cancellationToken);
        var nodes = truth!["state"]!["nodes"]!.AsObject().ToDictionary(n => n.Key, n => n.Value!["power"]!.ToString() == "On");
        return nodes.Select(n => $"node {n.Key} {(n.Value ? "online" : "offline")}")
            .Concat(truth["state"]!["guests"]!.AsObject().Select(g => Guest(g.Key, g.Value!, nodes)))
            .Concat(await StoragesAsync(cancellationToken))
            .ToHashSet();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _api.Dispose();
        await _child.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private bool Pinned(X509Certificate leaf) => Fingerprints.Any(f =>
        f.Replace(":", "", StringComparison.Ordinal).Equals(leaf.GetCertHashString(HashAlgorithmName.SHA256), StringComparison.OrdinalIgnoreCase));

    private static string Guest(string vmid, JsonNode guest, Dictionary<string, bool> nodes)
    {
        var node = guest["node"]!.ToString();
        var status = !nodes[node] ? "unknown" : guest["status"]!.ToString() == "stopped" ? "stopped" : "running";
        return $"guest {vmid} {guest["config"]!["name"] ?? guest["config"]!["hostname"]} on {node} {status}";
    }

    private async Task<IEnumerable<string>> StoragesAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in Endpoints)
        {
            try
            {
                var answer = await _api.GetFromJsonAsync<JsonObject>(endpoint + "/api2/json/cluster/resources?type=storage", cancellationToken);
                // A shared storage has a row for each node; one that reaches it is enough.
                return from row in answer!["data"]!.AsArray()
                       group row["status"]!.ToString() by row["shared"]?.ToString() == "1" ? row["storage"]!.ToString() : $"{row["node"]}/{row["storage"]}" into rows
                       select $"storage {rows.Key} {(rows.Contains("available") ? "available" : rows.First())}";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // this node is down, ask the next
            }
        }

        return [];
    }
}
