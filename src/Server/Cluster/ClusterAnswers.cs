using System.Text.Json.Serialization;

namespace Jarvis.Server.Cluster;

/// <summary>A cluster as scripts read it: cpu as a fraction, sizes in bytes, uptime in seconds; null is unknown.</summary>
public sealed record ClusterAnswer(
    string Key, string Name, long Sequence, DateTimeOffset? ObservedAt, bool Blind, DateTimeOffset? BlindSince, string? Trouble,
    bool? Quorate, string? Version, AccessView? Access,
    IReadOnlyList<NodeAnswer> Nodes, IReadOnlyList<GuestAnswer> Guests, IReadOnlyList<StorageAnswer> Storages)
{
    public static ClusterAnswer Of(ClusterSnapshot snapshot)
    {
        var (view, header) = (snapshot.View, snapshot.View.Header);
        var at = header.ObservedAt;
        return new(
            view.Key, header.Name, snapshot.Sequence, at, header.BlindSince is not null || at is null, header.BlindSince, header.Trouble,
            header.Quorate, header.Version, header.Access,
            [.. view.Nodes.Select(n => NodeAnswer.Of(n, at))],
            [.. view.Guests.Select(g => GuestAnswer.Of(g, at))],
            [.. view.Storages.Select(StorageAnswer.Of)]);
    }
}

public sealed record NodeAnswer(
    string Name, bool Online, NodeStatus Status, double? Cpu, int? MaxCpu, long? Memory, long? MaxMemory, long? RootUsed, long? RootTotal,
    long? Uptime, IReadOnlyList<double>? Load, string? Version, string? Kernel, bool Missing, DateTimeOffset ObservedAt)
{
    public static NodeAnswer Of(NodeView node, DateTimeOffset? at) => new(
        node.Name, node.Status is NodeStatus.Online, node.Status, node.Cpu, node.MaxCpu, node.Memory, node.MaxMemory, node.RootUsed, node.RootTotal,
        Since.Seconds(node.StartedAt, at), node.Load, node.Version, node.Kernel, node.Missing, node.ObservedAt);
}

public sealed record GuestAnswer(
    int Vmid, string Name, string Node, GuestType Type, GuestStatus Status, double? Cpu, double? MaxCpu, long? Memory, long? MaxMemory,
    long? MemoryHost, long? Disk, long? MaxDisk, double? NetIn, double? NetOut, double? DiskRead, double? DiskWrite, long? Uptime,
    IReadOnlyList<string> Tags, string? Pool, string? Lock, string? HaState, bool Template, bool Missing)
{
    public static GuestAnswer Of(GuestView guest, DateTimeOffset? at) => new(
        guest.Vmid, guest.Name, guest.Node, guest.Type, guest.Status, guest.Cpu, guest.MaxCpu, guest.Memory, guest.MaxMemory,
        guest.MemoryHost, guest.Disk, guest.MaxDisk, guest.NetIn, guest.NetOut, guest.DiskRead, guest.DiskWrite,
        Since.Seconds(guest.StartedAt, at), guest.Tags, guest.Pool, guest.Lock, guest.HaState, guest.Template, guest.Missing);
}

public sealed record StorageAnswer(
    string Id, string Name, string? Node, bool Shared, string Type, long? Used, long? Total, bool Active, StorageStatus Status,
    IReadOnlyList<string> Content, bool Missing)
{
    public static StorageAnswer Of(StorageView storage) => new(
        storage.Id, storage.Name, storage.Node, storage.Shared, storage.Type, storage.Used, storage.Total,
        storage.Status is StorageStatus.Available, storage.Status, storage.Content, storage.Missing);
}

/// <summary>A cluster in the list of clusters.</summary>
public sealed record ClusterListing(
    string Key, string Name, DateTimeOffset? ObservedAt, bool Blind, bool? Quorate, int Nodes, int Guests, bool Paused, ClusterOrigin Origin)
{
    public static ClusterListing Of(LiveCluster cluster)
    {
        var ((key, name, paused, origin), view) = (cluster.Entry, cluster.Current.View);
        var blind = !paused && (view.Header.BlindSince is not null || view.Header.ObservedAt is null);
        return new(key, name, view.Header.ObservedAt, blind, view.Header.Quorate, view.Nodes.Count, view.Guests.Count, paused, origin);
    }
}

/// <summary>A guest with the tasks that concern it.</summary>
public sealed record GuestDetail(string Cluster, GuestAnswer Guest, IReadOnlyList<TaskView> Tasks);

/// <summary>A node with its guests, storages and tasks.</summary>
public sealed record NodeDetail(
    string Cluster, NodeAnswer Node, IReadOnlyList<GuestAnswer> Guests, IReadOnlyList<StorageAnswer> Storages, IReadOnlyList<TaskView> Tasks);

/// <summary>What watching costs, by cluster and by call, over the last minute.</summary>
public sealed record ObserverAnswer(string Cluster, int Calls, int Failures, long Bytes, double AnswerMilliseconds, int BudgetPerMinute, IReadOnlyList<ObserverPath> Paths);

public sealed record ObserverPath(string Method, string Path, int Calls, int Failures, long Bytes, double MeanMilliseconds, double MaxMilliseconds);

/// <summary>A target's history: one array a metric, all as long as <c>Times</c> (epoch seconds).</summary>
public sealed record MetricsAnswer(
    string Cluster, string Target, string Range, double StepSeconds, string Source, IReadOnlyList<long> Times, IReadOnlyDictionary<string, IReadOnlyList<double?>> Series);

internal static class Since
{
    public static long? Seconds(DateTimeOffset? start, DateTimeOffset? at) =>
        start is { } s && at is { } t ? Math.Max(0, (long)(t - s).TotalSeconds) : null;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ClusterListing>))]
[JsonSerializable(typeof(GuestDetail))]
[JsonSerializable(typeof(NodeDetail))]
[JsonSerializable(typeof(ObserverAnswer))]
[JsonSerializable(typeof(MetricsAnswer))]
internal sealed partial class ClusterJson : JsonSerializerContext;
