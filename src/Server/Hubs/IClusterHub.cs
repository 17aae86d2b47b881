using Jarvis.Server.Cluster;

namespace Jarvis.Server.Hubs;

/// <summary>What a screen may ask of <c>/hubs/cluster</c> (MessagePack).</summary>
public interface IClusterHub
{
    /// <summary>Narrows this connection to one cluster (and with <paramref name="scope"/> to one node or guest);
    /// a fresh snapshot follows. Null means every cluster, which is how a connection begins.</summary>
    /// <param name="cluster">The cluster's key, or null.</param>
    /// <param name="scope"><c>cluster</c>, <c>node/NAME</c> or <c>guest/VMID</c>.</param>
    Task Subscribe(string? cluster, string scope);

    /// <summary>Asks for a fresh snapshot, for this caller alone; rate-limited.</summary>
    Task Resync();
}

/// <summary>What <c>/hubs/cluster</c> tells a screen.</summary>
public interface IClusterClient
{
    /// <summary>The clusters there are; sent first on connect, and whenever one comes, goes, is paused or renamed. The
    /// snapshot of one that is new follows.</summary>
    Task Clusters(ClusterEntry[] clusters);

    /// <summary>The first guests of a large cluster, a thousand a message so that none holds a page up. Those of the
    /// same cluster and <paramref name="sequence"/> belong together; the snapshot that follows has the last of
    /// them.</summary>
    Task Guests(string cluster, long sequence, GuestView[] guests);

    /// <summary>The whole state, but for the guests already told; sent on connect, on resync, and to a client that fell behind.</summary>
    Task Snapshot(ClusterView view, long sequence);

    /// <summary>What changed since the message with <c>sequence - 1</c> of the same cluster.</summary>
    Task Delta(string cluster, long sequence, ClusterDelta delta);

    /// <summary>Every 10 s, changed or not; staleness is judged by its receipt.</summary>
    Task Heartbeat(string cluster, long sequence, DateTimeOffset serverTime, DateTimeOffset? blindSince);

    /// <summary>A running task moved; percent is 0 to 100, null where Proxmox does not say.</summary>
    Task TaskProgress(string cluster, string upid, double? percent, string line);

    Task Failed(string code, string message, string traceId);
}
