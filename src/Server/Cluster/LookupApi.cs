using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Cluster;

/// <summary>What is asked of Proxmox only when somebody looks at it.</summary>
internal static class LookupApi
{
    private const int MostVolumes = 2_000;
    private const int MostLines = 2_000;
    private const int LongestLine = 4_000;
    private const string Mask = "********";
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(10);

    public static void MapLookupApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/clusters/{key}").WithTags("Cluster").RequireAuthorization("viewer");
        api.MapGet("/guests/{vmid:int}/config", ConfigAsync).WithSummary("A guest's settings.");
        api.MapGet("/guests/{vmid:int}/snapshots", SnapshotsAsync).WithSummary("A guest's snapshots.");
        api.MapGet("/guests/{vmid:int}/backups", BackupsAsync).WithSummary("A guest's backups on all storages that can be read now, newest first.");
        api.MapGet("/storages/{storage}/content", ContentAsync).WithSummary("What lies on a storage, newest first.");
        api.MapGet("/tasks/{upid}/log", TaskLogAsync).WithSummary("The log of a task.");
    }

    private static async Task<Results<Ok<GuestConfig>, ProblemHttpResult>> ConfigAsync(
        string key, int vmid, LiveClusters clusters, Lookups lookups, CancellationToken cancellationToken)
    {
        if (Find(clusters, key, vmid, out var cluster, out var problem) is not { } guest) return problem!;
        return Answer(await lookups.AskAsync(
            cluster!, $"config {vmid}", Keep, 1,
            async client => ConfigOf(await client.GetGuestConfigAsync(guest.Node, Lookups.TypeOf(guest), vmid, CancellationToken.None)), cancellationToken));
    }

    private static async Task<Results<Ok<IReadOnlyList<SnapshotView>>, ProblemHttpResult>> SnapshotsAsync(
        string key, int vmid, LiveClusters clusters, Lookups lookups, CancellationToken cancellationToken)
    {
        if (Find(clusters, key, vmid, out var cluster, out var problem) is not { } guest) return problem!;
        return Answer(await lookups.AskAsync(
            cluster!, $"snapshots {vmid}", Keep, 1,
            async client => SnapshotsOf(await client.GetSnapshotsAsync(guest.Node, Lookups.TypeOf(guest), vmid, CancellationToken.None)), cancellationToken));
    }

    private static async Task<Results<Ok<BackupList>, ProblemHttpResult>> BackupsAsync(
        string key, int vmid, LiveClusters clusters, Backups backups, CancellationToken cancellationToken)
    {
        if (Find(clusters, key, vmid, out var cluster, out var problem) is null) return problem!;
        var read = await backups.ReadAsync(cluster!, vmid, null, cancellationToken);
        return read.Value is { } files
            ? TypedResults.Ok(new BackupList([.. files.Items.Select(f => BackupOf(f.Storage, f.Volume))], files.Unread))
            : read.Refused!.ToProblem();
    }

    private static async Task<Results<Ok<VolumePage>, ProblemHttpResult>> ContentAsync(
        string key, string storage, string? node, LiveClusters clusters, Lookups lookups, CancellationToken cancellationToken)
    {
        if (ClusterApi.Find(clusters, key, out var problem) is not { } cluster) return problem!;
        var view = cluster.Current.View;
        var places = view.Storages.Where(s => s.Name == storage && (node is null || s.Shared || s.Node == node)).ToList();
        if (places.Count == 0 || node is not null && cluster.Current.Node(node) is null)
        {
            return Refusal.Unknown("STORAGE_UNKNOWN", $"{key} has no storage '{storage}'{(node is null ? "" : $" on a node '{node}'")}.").ToProblem();
        }

        if (places.Count > 1)
        {
            return Refusal.Bad("NODE_REQUIRED", $"Each node has a storage '{storage}' of its own; ask with node= one of: {string.Join(", ", places.Select(s => s.Node))}.").ToProblem();
        }

        // A shared storage need not be on every node, so that the one that is named may know nothing of it.
        var on = places[0].SeenFrom!;
        return Answer(await lookups.AskAsync(
            cluster, $"content {on} {storage}", Keep, 1,
            async client => PageOf(await client.GetStorageContentAsync(on, storage, null, null, CancellationToken.None)), cancellationToken));
    }

    private static async Task<Results<Ok<TaskLog>, ProblemHttpResult>> TaskLogAsync(
        string key, string upid, int? start, int? limit, LiveClusters clusters, Lookups lookups, CancellationToken cancellationToken)
    {
        if (ClusterApi.Find(clusters, key, out var problem) is not { } cluster) return problem!;
        var (from, most) = (start ?? 0, limit ?? 500);
        if (from < 0 || most is < 1 or > MostLines) return Refusal.Bad("LOG_RANGE", $"start is 0 or more, limit 1 to {MostLines}.").ToProblem();
        if (!Upid.TryParse(upid, out var task)) return Refusal.Bad("TASK_FORM", "A task is named UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:.").ToProblem();
        if (cluster.Current.Node(task.Node) is null) return Refusal.Unknown("TASK_UNKNOWN", $"{key} has no node '{task.Node}', where this task would have run.").ToProblem();
        return Answer(await lookups.AskAsync(
            cluster, $"log {from} {most} {upid}", Keep, 2,
            async client =>
            {
                // In this order, or the last lines of a task that ends in between would be missing.
                var state = await client.GetTaskStateAsync(task, CancellationToken.None);
                return LogOf(upid, state, from, most, await client.GetTaskLogAsync(task, from, most, CancellationToken.None));
            },
            cancellationToken));
    }

    private static Results<Ok<T>, ProblemHttpResult> Answer<T>(Outcome<T> outcome)
        where T : class => outcome.Value is { } answer ? TypedResults.Ok(answer) : outcome.Refused!.ToProblem();

    private static GuestView? Find(LiveClusters clusters, string key, int vmid, out LiveCluster? cluster, out ProblemHttpResult? problem)
    {
        cluster = ClusterApi.Find(clusters, key, out problem);
        var guest = cluster?.Current.Guest(vmid);
        if (cluster is not null && guest is null) problem = Refusal.Unknown("GUEST_UNKNOWN", $"{key} has no guest {vmid}.").ToProblem();
        return guest;
    }

    private static GuestConfig ConfigOf(Proxmox.GuestConfig config) => new(
    [
        .. config.Settings.Where(s => s.Key != "digest").OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => new ConfigEntry(s.Key, s.Key.Contains("password", StringComparison.OrdinalIgnoreCase) ? Mask : s.Value)),
    ]);

    private static IReadOnlyList<SnapshotView> SnapshotsOf(IReadOnlyList<Snapshot> rows) =>
    [
        .. rows.OrderBy(r => r.SnapTime ?? long.MaxValue).Select(r => new SnapshotView(
            r.Name, r.Description?.Trim() is { Length: > 0 } text ? text : null, Moment(r.SnapTime), r.Parent, r.VmState is true, r.Name == "current")),
    ];

    private static BackupView BackupOf(string storage, StorageVolume volume) =>
        new(volume.VolId, storage, Moment(volume.CTime), volume.Size, volume.Notes, volume.Protected is true);

    private static VolumePage PageOf(IReadOnlyList<StorageVolume> rows) => new(
        [
            .. rows.OrderByDescending(r => r.CTime ?? 0).ThenBy(r => r.VolId, StringComparer.Ordinal).Take(MostVolumes)
                .Select(r => new VolumeView(r.VolId, r.Content ?? "unknown", r.Format, r.Size, Moment(r.CTime), r.VmId is > 0 ? r.VmId : null)),
        ],
        rows.Count > MostVolumes);

    private static TaskLog LogOf(string upid, Proxmox.Wire.TaskState state, int from, int most, IReadOnlyList<TaskLogLine> rows)
    {
        string[] lines = [.. rows.Where(r => !(r.N == 1 && r.T == "no content")).Select(r => Clean(r.T ?? ""))];
        return new(upid, state.Status, state.ExitStatus, lines, rows.Count >= most || state.Status == "running" ? from + lines.Length : null);
    }

    private static string Clean(string line)
    {
        var clean = string.Concat(line.Where(c => !char.IsControl(c)));
        return clean.Length > LongestLine ? clean[..LongestLine] : clean;
    }

    private static DateTimeOffset? Moment(long? seconds) => seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}
