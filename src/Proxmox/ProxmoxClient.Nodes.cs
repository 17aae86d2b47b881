using System.Globalization;
using System.Net;
using System.Text.Json;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>The nodes with their certificates' fingerprints, which the client trusts from then on.</summary>
    public Task<IReadOnlyList<NodeRow>> GetNodesAsync(CancellationToken cancellationToken) =>
        GetNodesAsync(options.StatusAge, cancellationToken);

    public async Task<IReadOnlyList<NodeRow>> GetNodesAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var nodes = await ReadAsync<IReadOnlyList<NodeRow>>(ApiPath.Of(NodesPath), maxAge, cancellationToken);
        if (trust.Learn(nodes.Select(node => node.SslFingerprint)))
        {
            endpoints.ReconsiderRefused();
        }

        return nodes;
    }

    /// <summary>Learns the other nodes' addresses and fingerprints from Proxmox, so that any of them can stand in for
    /// those that were configured. Returns all addresses known then. What a node calls itself means something else behind a
    /// tunnel that ends on this machine, and a node that calls itself loopback means itself.</summary>
    public async Task<IReadOnlyList<Uri>> LearnEndpointsAsync(CancellationToken cancellationToken)
    {
        await GetNodesAsync(TimeSpan.Zero, cancellationToken);
        var rows = await GetClusterStatusAsync(cancellationToken);
        var port = options.Endpoints[0].Port;
        var isOnThisMachine = options.Endpoints.All(endpoint => endpoint.IsLoopback);
        endpoints.Add(rows
            .Select(row => IPAddress.TryParse(row.Ip, out var address) ? address : null)
            .OfType<IPAddress>()
            .Where(address => IPAddress.IsLoopback(address) == isOnThisMachine)
            .Select(address => new UriBuilder(Uri.UriSchemeHttps, address.ToString(), port).Uri));
        return [.. endpoints.Describe().Select(endpoint => endpoint.Address)];
    }

    public Task<NodeStatus> GetNodeStatusAsync(string node, CancellationToken cancellationToken) =>
        GetNodeStatusAsync(node, options.StatusAge, cancellationToken);

    public Task<NodeStatus> GetNodeStatusAsync(string node, TimeSpan maxAge, CancellationToken cancellationToken) =>
        NodeAsync<NodeStatus>("/nodes/{node}/status", node, maxAge, cancellationToken);

    public Task<VersionInfo> GetNodeVersionAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<VersionInfo>("/nodes/{node}/version", node, options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<RrdPoint>> GetNodeRrdAsync(
        string node, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(ApiPath.Of("/nodes/{node}/rrddata", node), span, fold, cancellationToken);

    /// <summary>Packages that can be updated, from the node's kept list; <see cref="RefreshUpdatesAsync"/> renews it.</summary>
    public Task<IReadOnlyList<AptPackage>> GetUpdatesAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<AptPackage>>("/nodes/{node}/apt/update", node, options.StorageAge, cancellationToken);

    public Task<Upid> RefreshUpdatesAsync(string node, CancellationToken cancellationToken) =>
        StartAsync(HttpMethod.Post, ApiPath.Of("/nodes/{node}/apt/update", node), new Form(), cancellationToken);

    public Task<IReadOnlyList<AptPackage>> GetPackageVersionsAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<AptPackage>>("/nodes/{node}/apt/versions", node, options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<ServiceRow>> GetServicesAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<ServiceRow>>("/nodes/{node}/services", node, options.StatusAge, cancellationToken);

    public Task<ServiceRow> GetServiceAsync(string node, string service, CancellationToken cancellationToken) =>
        ReadAsync<ServiceRow>(
            ApiPath.Of("/nodes/{node}/services/{service}/state", node, service), options.StatusAge, cancellationToken);

    public Task<Upid> ControlServiceAsync(
        string node, string service, ServiceAction action, CancellationToken cancellationToken) => StartAsync(
        HttpMethod.Post,
        ApiPath.Of("/nodes/{node}/services/{service}/{action}", node, service, action.ToString().ToLowerInvariant()),
        new Form(), cancellationToken);

    public Task<IReadOnlyList<NetworkInterface>> GetNetworkAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<NetworkInterface>>("/nodes/{node}/network", node, options.StorageAge, cancellationToken);

    public Task<NodeConfig> GetNodeConfigAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<NodeConfig>("/nodes/{node}/config", node, options.StorageAge, cancellationToken);

    public Task<NodeTime> GetNodeTimeAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<NodeTime>("/nodes/{node}/time", node, TimeSpan.Zero, cancellationToken);

    public Task<Subscription> GetSubscriptionAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<Subscription>("/nodes/{node}/subscription", node, options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<CertificateInfo>> GetCertificatesAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<CertificateInfo>>(
            "/nodes/{node}/certificates/info", node, options.StorageAge, cancellationToken);

    /// <summary>The newest lines of the node's journal.</summary>
    public async Task<IReadOnlyList<string>> GetJournalAsync(string node, int lines, CancellationToken cancellationToken)
    {
        var journal = await ReadOnceAsync<IReadOnlyList<string>>(
            ApiPath.Of("/nodes/{node}/journal", node).With(new Form().Add("lastentries", lines)), cancellationToken);

        // The first and the last item are cursors, not lines.
        return [.. journal.Where((text, index) =>
            (index > 0 && index < journal.Count - 1) || !text.StartsWith("s=", StringComparison.Ordinal))];
    }

    /// <summary>The newest lines of one unit, of those since a day as the node counts it.</summary>
    public async Task<IReadOnlyList<string>> GetUnitLogAsync(string node, string unit, DateOnly since, int lines, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lines);
        var first = await FetchAsync<IReadOnlyList<TaskLogLine>>(Page(0), cancellationToken);
        var rows = first.Total is { } total && total > lines ? await ReadOnceAsync<IReadOnlyList<TaskLogLine>>(Page(total - lines), cancellationToken) : first.Data!;
        return [.. rows.Where(row => !(row.N == 1 && row.T == "no content")).Select(row => row.T ?? "")];

        ApiPath Page(long start) => ApiPath.Of("/nodes/{node}/syslog", node).With(new Form()
            .Add("service", unit).Add("since", since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Add("start", start).Add("limit", lines));
    }

    public Task<IReadOnlyList<ReplicationJob>> GetNodeReplicationAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<ReplicationJob>>("/nodes/{node}/replication", node, options.StorageAge, cancellationToken);

    /// <summary>Asks the node behind the endpoint to wake another; returns the MAC that was called.</summary>
    public async Task<string> WakeNodeAsync(string sleeper, CancellationToken cancellationToken) => Text(await WriteAsync(
        HttpMethod.Post, ApiPath.Of("/nodes/{node}/wakeonlan", sleeper), new Form(), cancellationToken));

    public Task RebootNodeAsync(string node, CancellationToken cancellationToken) =>
        CommandAsync(node, "reboot", cancellationToken);

    public Task ShutDownNodeAsync(string node, CancellationToken cancellationToken) =>
        CommandAsync(node, "shutdown", cancellationToken);

    public Task<Upid> StartAllAsync(string node, IEnumerable<int>? vmids, CancellationToken cancellationToken) =>
        StartAsync(HttpMethod.Post, ApiPath.Of("/nodes/{node}/startall", node), new Form().Add("vms", List(vmids)), cancellationToken);

    public Task<Upid> StopAllAsync(string node, IEnumerable<int>? vmids, CancellationToken cancellationToken) =>
        StartAsync(HttpMethod.Post, ApiPath.Of("/nodes/{node}/stopall", node), new Form().Add("vms", List(vmids)), cancellationToken);

    public Task<Upid> MigrateAllAsync(string node, string target, IEnumerable<int>? vmids, CancellationToken cancellationToken) =>
        StartAsync(
            HttpMethod.Post, ApiPath.Of("/nodes/{node}/migrateall", node),
            new Form().Add("target", target).Add("vms", List(vmids)), cancellationToken);

    private static string? List(IEnumerable<int>? vmids) => vmids is null ? null : string.Join(',', vmids);

    private static string Text(JsonElement data) => data.ValueKind == JsonValueKind.String ? data.GetString()! : "";

    private Task<JsonElement> CommandAsync(string node, string command, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Post, ApiPath.Of("/nodes/{node}/status", node), new Form().Add("command", command), cancellationToken);

    private Task<T> NodeAsync<T>(string template, string node, TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<T>(ApiPath.Of(template, node), maxAge, cancellationToken);

    private Task<IReadOnlyList<RrdPoint>> RrdAsync(ApiPath path, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RrdPoint>>(
            path.With(new Form()
                .Add("timeframe", span.ToString().ToLowerInvariant())
                .Add("cf", fold == RrdFold.Maximum ? "MAX" : "AVERAGE")),
            options.StorageAge, cancellationToken);
}
