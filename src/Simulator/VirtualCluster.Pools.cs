namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    public VirtualPool Pool(string id) =>
        pools.GetValueOrDefault(id) ?? throw PveException.Failed($"pool '{id}' does not exist");

    public void CreatePool(string id, string comment)
    {
        if (!pools.TryAdd(id, new VirtualPool { Id = id, Comment = comment }))
        {
            throw PveException.Failed($"create pool failed: error during cfs-locked 'file-user_cfg' operation: pool '{id}' already exists");
        }
    }

    public void DeletePool(string id)
    {
        var pool = Pool(id);
        if (pool.Storages.Count > 0 || guests.Values.Any(g => g.Pool == id))
        {
            throw PveException.Failed($"delete pool failed: pool '{id}' is not empty");
        }
        pools.Remove(id);
    }
}
