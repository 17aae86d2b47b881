namespace Jarvis.Simulator;

/// <summary>A guest as pvestatd last told the cluster; null numbers where it told nothing.</summary>
internal readonly record struct GuestRow(
    VirtualGuest Guest, string Node, string Status, bool Known, GuestSample Sample, string? Lock);

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
            var storagesNow = storageRows.ConvertAll(
                r => r.Available && Silent(nodes[r.Node]) ? r with { Available = false, Total = 0, Used = 0 } : r);
            return new CachedView(viewAt, nodesNow, rows, storagesNow);
        }
    }

    /// <summary>What a node answers: the common view, or only its own side when a partition cuts it off.</summary>
    public CachedView ViewFrom(string from)
    {
        if (!Faults.Cut(from))
        {
            return View;
        }

        return new CachedView(viewAt,
            [.. nodes.Values
                .Select(n => Sees(from, n.Name) ? new NodeRow(n, "online", Sample(n, viewAt, Totals(n, viewAt)))
                    : new NodeRow(n, "offline", null))],
            [.. guests.Values
                .Select(g => Sees(from, g.Node) ? new GuestRow(g, g.Node, g.Status, true, g.Sample(viewAt), g.Lock)
                    : new GuestRow(g, g.Node, "unknown", false, default, g.Lock))],
            [.. StorageRows(viewAt)
                .Select(s => Sees(from, s.Node) ? s with { Available = s.Storage.Active(s.Node) }
                    : s with { Available = false, Total = 0, Used = 0 })]);
    }

    private bool Stale(GuestRow row) => Silent(nodes[row.Guest.Node]);

    private bool Silent(VirtualNode node) => (node.LostAt ?? Faults.CutSince(node.Name)) is { } since
        && Now - since > Forgotten;

    private bool Reports(VirtualNode node) => node.Answers && !Faults.Cut(node.Name);

    private static DateTimeOffset Grid(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / Cycle * Cycle);

    private void CatchUpView(DateTimeOffset until)
    {
        var grid = Grid(until);
        if (grid > viewAt)
        {
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
            if (Reports(nodes[guest.Node]))
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
        nodeRows = [.. nodes.Values.Select(n => Reports(n)
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
                if (!Reports(node))
                {
                    yield return storageRows.Find(r => r.Storage == storage && r.Node == node.Name) is { Storage: not null } old
                        ? old : new StorageRow(storage, node.Name, false, 0, 0);
                }
                else if (storage.Active(node.Name))
                {
                    yield return new StorageRow(
                        storage, node.Name, true, storage.TotalOn(node.Name), storage.UsedOn(node.Name, at));
                }
                else
                {
                    yield return new StorageRow(storage, node.Name, false, 0, 0);
                }
            }
        }
    }
}
