using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>The nodes with their certificates' fingerprints, which the client trusts from then on.</summary>
    public Task<IReadOnlyList<NodeRow>> GetNodesAsync(CancellationToken cancellationToken) =>
        GetNodesAsync(options.StatusAge, cancellationToken);

    public async Task<IReadOnlyList<NodeRow>> GetNodesAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var nodes = await ReadAsync<IReadOnlyList<NodeRow>>(ApiPath.Of("/nodes"), maxAge, cancellationToken);
        if (trust.Learn(nodes.Select(node => node.SslFingerprint)))
        {
            endpoints.ReconsiderRefused();
        }

        return nodes;
    }

    public Task<NodeStatus> GetNodeStatusAsync(string node, CancellationToken cancellationToken) =>
        GetNodeStatusAsync(node, options.StatusAge, cancellationToken);

    public Task<NodeStatus> GetNodeStatusAsync(string node, TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<NodeStatus>(ApiPath.Of("/nodes/{node}/status", node), maxAge, cancellationToken);

    public Task<IReadOnlyList<RrdPoint>> GetNodeRrdAsync(
        string node, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(ApiPath.Of("/nodes/{node}/rrddata", node), span, fold, cancellationToken);

    private Task<IReadOnlyList<RrdPoint>> RrdAsync(ApiPath path, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RrdPoint>>(
            path.With(new Form()
                .Add("timeframe", span.ToString().ToLowerInvariant())
                .Add("cf", fold == RrdFold.Maximum ? "MAX" : "AVERAGE")),
            options.StorageAge, cancellationToken);
}
