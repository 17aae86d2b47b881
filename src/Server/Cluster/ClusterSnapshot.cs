namespace Jarvis.Server.Cluster;

/// <summary>A cluster as last seen: replaced whole, never changed. Rows are sorted by their keys.</summary>
public sealed record ClusterSnapshot(long Sequence, ClusterView View)
{
    public NodeView? Node(string name) => Find(View.Nodes, n => string.CompareOrdinal(n.Name, name));

    public GuestView? Guest(int vmid) => Find(View.Guests, g => g.Vmid.CompareTo(vmid));

    public StorageView? Storage(string id) => Find(View.Storages, s => string.CompareOrdinal(s.Id, id));

    internal static T? Find<T>(IReadOnlyList<T> rows, Func<T, int> compare) where T : class
    {
        var (low, high) = (0, rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            switch (compare(rows[middle]))
            {
                case 0: return rows[middle];
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return null;
    }
}

/// <summary>One publication: the state after it and what it changed.</summary>
public sealed record ClusterChange(LiveCluster Cluster, ClusterSnapshot Before, ClusterSnapshot After, ClusterDelta Delta);
