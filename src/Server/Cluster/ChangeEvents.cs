using Jarvis.Server.Events;

namespace Jarvis.Server.Cluster;

/// <summary>Says in events what a change of state was. Numbers that merely move are history, not events.</summary>
internal static class ChangeEvents
{
    public static IEnumerable<Happening> Of(ClusterChange change)
    {
        var (before, after) = (change.Before.View, change.After.View);
        var all = before.Header.ObservedAt is null && after.Header.ObservedAt is not null
            ? FirstLook(after)
            : Header(before.Header, after.Header).Concat(Nodes(change)).Concat(Guests(change)).Concat(Storages(change)).Concat(Tasks(change));
        return all.Select(h => h with { Cluster = change.Cluster.Key });
    }

    /// <summary>What is there at the first look is where the story starts, not news.</summary>
    private static IEnumerable<Happening> FirstLook(ClusterView view) =>
        Header(view.Header with { Quorate = true, BlindSince = null }, view.Header).Prepend(
            Event("cluster.observed", Severity.Info,
                $"Watching {view.Header.Name}: {Count(view.Nodes.Count, "node")}, {Count(view.Guests.Count, "guest")}, {Count(view.Storages.Count, "storage")}.") with
            { Data = StateThen.Of(view) });

    private static IEnumerable<Happening> Header(ClusterHeader before, ClusterHeader after)
    {
        if (before.BlindSince is null && after.BlindSince is not null)
        {
            yield return Event("cluster.blind", Severity.Critical, $"{after.Name} cannot be read: {after.Trouble ?? "no answer"}");
        }
        else if (before.BlindSince is { } since && after.BlindSince is null)
        {
            yield return Event("cluster.sighted", Severity.Info, $"{after.Name} can be read again; it was out of sight since {since:HH:mm:ss} UTC.");
        }

        if (before.Quorate is not false && after.Quorate is false)
        {
            yield return Event("quorum.lost", Severity.Critical, $"{after.Name} has lost quorum: nothing can be started or changed until it is back.");
        }
        else if (before.Quorate is false && after.Quorate is true)
        {
            yield return Event("quorum.regained", Severity.Info, $"{after.Name} is quorate again.");
        }

        if (before.Access is not null && after.Access is { } access && !ReferenceEquals(before.Access, access))
        {
            yield return Event("access.changed", access.Missing.Count > 0 ? Severity.Warning : Severity.Info,
                access.Missing.Count > 0 ? $"The token may no longer do all that watching needs; it lacks {string.Join(", ", access.Missing)}." : "The token may see everything.");
        }
    }

    private static IEnumerable<Happening> Nodes(ClusterChange change)
    {
        foreach (var node in change.Delta.Nodes ?? [])
        {
            var old = change.Before.Node(node.Name);
            var what = (old, node) switch
            {
                (null, _) => Event("node.added", Severity.Info, $"Node {node.Name} joined."),
                ({ Missing: false }, { Missing: true }) => Event("node.missing", Severity.Error, $"Node {node.Name} is no longer listed."),
                ({ Missing: true }, { Missing: false }) => Event("node.returned", Severity.Info, $"Node {node.Name} is listed again."),
                ({ Status: not NodeStatus.Offline }, { Status: NodeStatus.Offline }) => Event("node.offline", Severity.Critical, $"Node {node.Name} is offline."),
                ({ Status: not NodeStatus.Online }, { Status: NodeStatus.Online }) => Event("node.online", Severity.Info, $"Node {node.Name} is online."),
                ({ Status: not NodeStatus.Unknown }, { Status: NodeStatus.Unknown }) => Event("node.unknown", Severity.Warning, $"Proxmox does not know how node {node.Name} is."),
                _ when old.StartedAt is { } was && node.StartedAt > was => Event("node.rebooted", Severity.Warning, $"Node {node.Name} was restarted."),
                _ when old.Version is { } was && node.Version is { } now && was != now => Event("node.upgraded", Severity.Info, $"Node {node.Name} went from Proxmox VE {was} to {now}."),
                _ => null,
            };
            if (what is not null) yield return what with { Node = node.Name, Target = $"node/{node.Name}", Data = new BecameThen(StateThen.Word(node.Status, node.Missing)).ToData() };
        }
    }

    private static IEnumerable<Happening> Guests(ClusterChange change)
    {
        foreach (var guest in change.Delta.Guests ?? [])
        {
            var old = change.Before.Guest(guest.Vmid);
            foreach (var what in Guest(old, guest, change.After.Node(guest.Node)?.Status is not NodeStatus.Online))
            {
                yield return what with { Node = guest.Node, Target = $"guest/{guest.Vmid}", Data = new BecameThen(StateThen.Word(guest.Status, guest.Missing), guest.Node, guest.Name).ToData() };
            }
        }

        foreach (var vmid in change.Delta.RemovedGuests ?? [])
        {
            if (change.Before.Guest(vmid) is { } gone) yield return Event("guest.destroyed", Severity.Warning, $"{Title(gone)} was destroyed.") with { Node = gone.Node, Target = $"guest/{vmid}", Data = new BecameThen("gone").ToData() };
        }
    }

    private static IEnumerable<Happening> Guest(GuestView? old, GuestView guest, bool nodeIsDark)
    {
        if (old is null)
        {
            yield return Event("guest.added", Severity.Info, $"{Title(guest)} appeared on {guest.Node}.");
            yield break;
        }

        if (old.Missing != guest.Missing)
        {
            yield return guest.Missing
                ? Event("guest.missing", Severity.Warning, $"{Title(guest)} is no longer listed, and no task destroyed it.")
                : Event("guest.returned", Severity.Info, $"{Title(guest)} is listed again.");
        }
        else if (old.Status != guest.Status)
        {
            yield return guest.Status switch
            {
                GuestStatus.Running => Event("guest.started", Severity.Info, $"{Title(guest)} is running."),
                GuestStatus.Stopped => Event("guest.stopped", Severity.Warning, $"{Title(guest)} has stopped."),
                GuestStatus.Unknown => Event("guest.unknown", nodeIsDark ? Severity.Info : Severity.Warning, $"The state of {Title(guest)} is unknown."),
                _ => Event("guest.paused", Severity.Warning, $"{Title(guest)} is {(guest.Status is GuestStatus.Paused ? "paused" : "suspended")}."),
            };
        }
        else if (old.StartedAt is { } was && guest.StartedAt > was)
        {
            yield return Event("guest.restarted", Severity.Info, $"{Title(guest)} was restarted.");
        }

        if (old.Node != guest.Node) yield return Event("guest.migrated", Severity.Info, $"{Title(guest)} moved from {old.Node} to {guest.Node}.");
        if (old.Name != guest.Name) yield return Event("guest.renamed", Severity.Info, $"{Title(guest)} was called {old.Name}.");
        if (old.Lock != guest.Lock) yield return Event("guest.lock", Severity.Info, guest.Lock is null ? $"{Title(guest)} is no longer locked." : $"{Title(guest)} is locked ({guest.Lock}).");
        if (old.HaState != guest.HaState) yield return Event("guest.ha", guest.HaState is "error" or "fence" or "recovery" ? Severity.Error : Severity.Info, $"High availability of {Title(guest)}: {guest.HaState ?? "not managed"}.");
        if ((old.MaxCpu, old.MaxMemory, old.MaxDisk, old.Pool, old.Template) != (guest.MaxCpu, guest.MaxMemory, guest.MaxDisk, guest.Pool, guest.Template)
            || !old.Tags.SequenceEqual(guest.Tags)) yield return Event("guest.changed", Severity.Info, $"The configuration of {Title(guest)} changed.");
    }

    private static IEnumerable<Happening> Storages(ClusterChange change)
    {
        foreach (var storage in change.Delta.Storages ?? [])
        {
            var old = change.Before.Storage(storage.Id);
            var what = (old, storage) switch
            {
                (null, _) => Event("storage.added", Severity.Info, $"Storage {storage.Id} appeared."),
                ({ Missing: false }, { Missing: true }) => Event("storage.missing", Severity.Warning, $"Storage {storage.Id} is no longer listed."),
                ({ Status: not StorageStatus.Available }, { Status: StorageStatus.Available }) => Event("storage.available", Severity.Info, $"Storage {storage.Id} is available."),
                ({ Status: StorageStatus.Available }, { Status: StorageStatus.Unavailable }) => Event("storage.unavailable", Severity.Error, $"Storage {storage.Id} is not available."),
                ({ Status: StorageStatus.Available }, { Status: StorageStatus.Unknown }) => Event("storage.unknown", Severity.Warning, $"The state of storage {storage.Id} is unknown."),
                _ when old.Total != storage.Total => Event("storage.resized", Severity.Info, $"The size of storage {storage.Id} changed."),
                _ => null,
            };
            if (what is not null) yield return what with { Node = storage.Node, Target = $"storage/{storage.Id}", Data = new BecameThen(StateThen.Word(storage.Status, storage.Missing)).ToData() };
        }
    }

    private static IEnumerable<Happening> Tasks(ClusterChange change)
    {
        var known = change.Before.View.Tasks.ToDictionary(t => t.Upid, StringComparer.Ordinal);
        foreach (var task in change.Delta.Tasks ?? [])
        {
            var old = known.GetValueOrDefault(task.Upid);
            if (old?.State == task.State) continue;
            var on = TaskNames.Of(task.Type, task.Target);
            var what = task.State switch
            {
                TaskState.Running => Event("task.started", Severity.Info, $"{on} started on {task.Node} by {task.User}."),
                TaskState.Ok => Event("task.finished", Severity.Info, $"{on} finished on {task.Node}."),
                TaskState.Warning => Event("task.finished", Severity.Warning, $"{on} finished on {task.Node} with {task.ExitStatus}."),
                _ => Event("task.failed", Severity.Error, $"{on} failed on {task.Node}: {task.ExitStatus ?? "no exit status"}"),
            };
            yield return what with { Node = task.Node, Target = $"task/{task.Upid}", Actor = task.User, Correlation = task.Upid };
        }
    }

    private static Happening Event(string type, Severity severity, string summary) =>
        new() { Type = type, Severity = severity, Source = Source.Monitor, Summary = summary };

    private static string Title(GuestView guest) => $"{guest.Name} ({(guest.Type is GuestType.Vm ? "VM" : "container")} {guest.Vmid})";

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
