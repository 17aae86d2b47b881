using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator;

/// <summary>A running simulator: HTTPS endpoints of every node and, if asked for, the admin API.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly ApiServer server;

    private SimulatorHost(ApiServer server) => this.server = server;

    /// <summary>One address a node, in the order of the nodes' names; a single one with SingleEndpoint.</summary>
    public IReadOnlyList<Uri> Endpoints => server.Endpoints;

    /// <summary>SHA-256 of each node's leaf certificate as AA:BB:…</summary>
    public IReadOnlyDictionary<string, string> Fingerprints => server.Fingerprints;

    /// <summary>The cluster CA in PEM.</summary>
    public string CaFile => server.CaFile;

    /// <summary>Address of the admin API.</summary>
    public Uri? Admin => server.Admin;

    /// <summary>The token made at the start because neither user nor token was given; as it stands in the header.</summary>
    public string? Token => server.GeneratedToken;

    /// <summary>The clock the cluster lives by.</summary>
    public TimeProvider Clock => server.Cluster.Clock;

    internal VirtualCluster Cluster => server.Cluster;

    /// <exception cref="ArgumentException">An option has no legal value; the message names them.</exception>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var server = new ApiServer(options, clock);
        try
        {
            await server.StartAsync(cancellationToken);
            return new SimulatorHost(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Switches a fault on by kind, target and parameters; returns its id.</summary>
    public async Task<string> AddFaultAsync(
        string kind, string target, IReadOnlyDictionary<string, string>? parameters, CancellationToken cancellationToken)
    {
        var id = server.Cluster.Faults.Add(kind, target, parameters);
        await server.ReconcileAsync(cancellationToken);
        return id;
    }

    /// <summary>Ends a fault's cause; false when there is none of that id.</summary>
    public async Task<bool> RemoveFaultAsync(string id, CancellationToken cancellationToken)
    {
        var removed = server.Cluster.Faults.Remove(id);
        await server.ReconcileAsync(cancellationToken);
        return removed;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
