using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>What Proxmox has done and is doing.</summary>
internal sealed class TaskTools(Everywhere everywhere)
{
    [Tool(Tier.Green, Outside = true), Description("The newest tasks of Proxmox, running ones too; of one node, on one guest, or those alone that failed.")]
    public async Task<TaskPage> GetRecentTasksAsync(
        NodeName? node = null, [Target(Kind.Guest, Effect = Effect.Reads)] GuestRef? guest = null, [Range(1, 500)] int limit = 50, bool errorsOnly = false,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var filter = new TaskFilter { Limit = limit, VmId = guest?.Id.Value, ErrorsOnly = errorsOnly, IncludeRunning = !errorsOnly };
        var rows = await everywhere.OfNodesAsync<TaskRow>(
            node, cluster, $"tasks {limit} {filter.VmId} {errorsOnly}", 1,
            async (client, place) => [.. (await client.GetNodeTasksAsync(place.Node, filter, CancellationToken.None)).Select(t => TaskRow.Of(place, t))],
            _ => 0, int.MaxValue, cancellationToken);
        var full = rows.Items.GroupBy(t => (t.Cluster, t.Node)).Any(g => g.Count() >= limit);
        var newest = rows.Items.OrderByDescending(t => t.StartedAt).Take(limit).ToList();
        return new(newest, full || rows.Items.Count > newest.Count, rows.Unread);
    }

    [Tool(Tier.Green, Outside = true), Description("The last lines of a task's log, and how the task ended.")]
    public Task<TaskLogPart> GetTaskLogAsync(TaskId upid, [Range(1, 500)] int limit = 100, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var task = Upid.Parse(upid.Value);
        return NodeName.TryParse(task.Node, out var node)
            ? everywhere.OfNodeAsync(
                node, cluster, $"log {limit} {upid}",
                async (client, place) =>
                {
                    // In this order, or the last lines of a task that ends in between would be missing.
                    var state = await client.GetTaskStateAsync(task, CancellationToken.None);
                    var lines = (await client.GetTaskLogTailAsync(task, limit, CancellationToken.None)).Where(l => !(l.N == 1 && l.T == "no content")).ToList();
                    var shown = HostTools.Newest([.. lines.Select(l => l.T ?? "")]);
                    var earlier = lines.Count == 0 ? 0 : lines[0].N - 1 + (lines.Count - shown.Count);
                    return new TaskLogPart(
                        place.Key, upid.Value, TaskNames.Of(task.Type, task.Id), task.User, TaskRow.StateOf(state.Status == "running", state.ExitStatus), state.ExitStatus, shown, earlier);
                },
                cancellationToken)
            : throw new InvalidOperationException("The UPID names no node.");
    }
}

/// <summary>Tasks, the newest first; <c>More</c> tells that there are older ones.</summary>
public sealed record TaskPage(IReadOnlyList<TaskRow> Items, bool More, IReadOnlyList<Unread> Unread);

public sealed record TaskRow(
    string Cluster, string Node, string Upid, string What, string Type, string Target, string? User, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    double? DurationSeconds, string State, string? ExitStatus)
{
    internal static TaskRow Of(Place place, ClusterTask task)
    {
        var (began, ended) = (Moments.Of(task.StartTime), Moments.Of(task.EndTime));
        var running = task.IsRunning;
        return new(
            place.Key, task.Node ?? place.Node, task.Upid, TaskNames.Of(task.Type ?? "task", task.Id ?? ""), task.Type ?? "", task.Id ?? "",
            task.TokenId is { Length: > 0 } token ? $"{task.User}!{token}" : task.User, began, ended,
            began is { } from && ended is { } to ? (to - from).TotalSeconds : null, StateOf(running, task.Status), running ? null : task.Status);
    }

    internal static string StateOf(bool running, string? exitStatus) => running ? "running" : TaskResult.OutcomeOf(exitStatus).ToString().ToLowerInvariant();
}

/// <summary>The end of a task's log; <c>EarlierLines</c> counts those before it.</summary>
public sealed record TaskLogPart(string Cluster, string Upid, string What, string User, string State, string? ExitStatus, IReadOnlyList<string> Lines, long EarlierLines);
