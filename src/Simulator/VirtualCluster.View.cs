namespace Jarvis.Simulator;

/// <summary>A guest as pvestatd last told the cluster; null numbers where it told nothing.</summary>
internal readonly record struct GuestRow(VirtualGuest Guest, string Node, string Status, bool Known, GuestSample Sample, string? Lock);

internal readonly record struct NodeRow(VirtualNode Node, string Status, NodeSample? Sample);

internal readonly record struct StorageRow(VirtualStorage Storage, string Node, bool Available, long Total, long Used);

/// <summary>What /cluster/resources and /nodes answer: the state at the last ten-second cycle.</summary>
internal sealed record CachedView(
    DateTimeOffset At, IReadOnlyList<NodeRow> Nodes, IReadOnlyList<GuestRow> Guests, IReadOnlyList<StorageRow> Storages);

internal sealed partial class VirtualCluster
{
    private const int Cycle = 10;
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(300);
    private Dictionary<int, GuestRow> guestRows = [];
    private List<NodeRow> nodeRows = [];
    private List<StorageRow> storageRows = [];
    private DateTimeOffset viewAt;

    /// <summary>The cached view with what is known at once: membership and guests created or removed since the cycle.</summary>
    public CachedView View
    {
        get
        {
            var rows = new List<GuestRow>(guests.Count);
            foreach (var (vmid, guest) in guests)
            {
                rows.Add(guestRows.TryGetValue(vmid, out var row) && row.Guest == guest && !Stale(row)
                    ? row with { Node = guest.Node, Lock = guest.Lock }
                    : new GuestRow(guest, guest.Node, "unknown", false, default, guest.Lock));
            }

            var nodesNow = nodeRows.ConvertAll(r => r.Node.Member ? r : new NodeRow(r.Node, "offline", null));
            var storagesNow = storageRows.ConvertAll(r => r.Available && !r.Node.Equals("", StringComparison.Ordinal)
                && nodes[r.Node].LostAt is { } lost && Now - lost > Forgotten ? r with { Available = false, Total = 0, Used = 0 } : r);
            return new CachedView(viewAt, nodesNow, rows, storagesNow);
        }
    }

    private bool Stale(GuestRow row) => nodes[row.Guest.Node].LostAt is { } lost && Now - lost > Forgotten;

    private static DateTimeOffset Grid(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / Cycle * Cycle);

    private void CatchUpView(DateTimeOffset until)
    {
        var grid = Grid(until);
        if (grid > viewAt && grid >= Now)
        {
            Now = grid;
            RefreshView(grid);
        }
    }

    private void RefreshView(DateTimeOffset at)
    {
        viewAt = at;
        var next = new Dictionary<int, GuestRow>(guests.Count);
        var load = new Dictionary<string, NodeTotals>(StringComparer.Ordinal);
        foreach (var (vmid, guest) in guests)
        {
            if (nodes[guest.Node].Answers)
            {
                var sample = guest.Sample(at);
                next[vmid] = new GuestRow(guest, guest.Node, guest.Status, true, sample, guest.Lock);
                load[guest.Node] = load.GetValueOrDefault(guest.Node).With(guest, sample);
            }
            else if (guestRows.TryGetValue(vmid, out var old))
            {
                next[vmid] = old;
            }
        }

        guestRows = next;
        nodeRows = [.. nodes.Values.Select(n => n.Answers
            ? new NodeRow(n, "online", Sample(n, at, load.GetValueOrDefault(n.Name)))
            : nodeRows.Find(r => r.Node == n) is { Node: not null } old ? old : new NodeRow(n, "offline", null))];
        storageRows = [.. StorageRows(at)];
    }

    private IEnumerable<StorageRow> StorageRows(DateTimeOffset at)
    {
        foreach (var storage in storages.Values.Where(s => s.Enabled))
        {
            foreach (var node in nodes.Values.Where(n => storage.OnNode(n.Name)))
            {
                if (!node.Answers)
                {
                    yield return storageRows.Find(r => r.Storage == storage && r.Node == node.Name) is { Storage: not null } old
                        ? old : new StorageRow(storage, node.Name, false, 0, 0);
                }
                else if (storage.Active(node.Name))
                {
                    yield return new StorageRow(storage, node.Name, true, storage.TotalOn(node.Name), storage.UsedOn(node.Name, at));
                }
                else
                {
                    yield return new StorageRow(storage, node.Name, false, 0, 0);
                }
            }
        }
    }
}
