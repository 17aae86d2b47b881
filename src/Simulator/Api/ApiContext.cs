using System.Net;
using Jarvis.Simulator.Access;
using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Api;

/// <summary>What every handler may reach.</summary>
internal sealed class ApiContext(
    VirtualCluster cluster, AccessControl access, Tickets tickets, Authenticator authenticator,
    NodeCertificates certificates, Consoles consoles, IReadOnlyDictionary<string, IPEndPoint> addresses)
{
    private readonly Dictionary<string, List<VirtualInterface>> staged = new(StringComparer.Ordinal);

    public VirtualCluster Cluster => cluster;
    public AccessControl Access => access;
    public Tickets Tickets => tickets;
    public Authenticator Authenticator => authenticator;
    public NodeCertificates Certificates => certificates;
    public Consoles Consoles => consoles;

    /// <summary>Where each node answers, which is what the cluster tells about it.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> Addresses => addresses;

    /// <summary>A node's new interfaces that wait to be applied.</summary>
    public List<VirtualInterface> StagedInterfaces(string node) =>
        staged.TryGetValue(node, out var list) ? list : staged[node] = [];
}
