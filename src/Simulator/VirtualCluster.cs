using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>A Proxmox VE cluster in memory. Hold <see cref="Enter"/> while reading or changing anything.</summary>
internal sealed partial class VirtualCluster
{
    private readonly PriorityQueue<(Action Act, bool Quiet), (DateTimeOffset At, long Order)> events = new();
    private readonly SortedDictionary<string, VirtualNode> nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, VirtualGuest> guests = [];
    private readonly SortedDictionary<string, VirtualStorage> storages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, VirtualPool> pools = new(StringComparer.Ordinal);
    private readonly Dice dice;
    private long order;

    public VirtualCluster(TimeProvider clock, int seed, Scenario scenario)
    {
        Clock = clock;
        Seed = seed;
        Name = scenario.Cluster;
        Domain = scenario.Domain;
        Version = scenario.Version;
        dice = new Dice(Noise.Key(seed, scenario.Name));
        Origin = Now = Whole(clock.GetUtcNow());
        Faults = new Faults(this);
        new ScenarioLoader(this, scenario).Load();
        RefreshView(Grid(Now));
        ScheduleDaily();
    }

    public Lock Gate { get; } = new();
    public TimeProvider Clock { get; }
    public int Seed { get; }
    public string Name { get; }
    public string Domain { get; }
    public string Version { get; }

    /// <summary>When this cluster was set up; the past before it is generated.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>The moment up to which the state has moved.</summary>
    public DateTimeOffset Now { get; private set; }
    public long Epoch => Now.ToUnixTimeSeconds();
    public IReadOnlyDictionary<string, VirtualNode> Nodes => nodes;
    public IReadOnlyDictionary<int, VirtualGuest> Guests => guests;
    public IReadOnlyDictionary<string, VirtualStorage> Storages => storages;
    public IReadOnlyDictionary<string, VirtualPool> Pools => pools;
    public Faults Faults { get; }

    /// <summary>datacenter.cfg.</summary>
    public SortedDictionary<string, string> Options { get; } = new(StringComparer.Ordinal) { ["keyboard"] = "en-us" };

    /// <summary>Takes the gate and moves the state up to now; dispose to leave.</summary>
    public Lock.Scope Enter()
    {
        var scope = Gate.EnterScope();
        Advance();
        return scope;
    }

    /// <summary>Reads under the gate.</summary>
    public T Read<T>(Func<VirtualCluster, T> read)
    {
        using var scope = Enter();
        return read(this);
    }

    public void Advance()
    {
        var target = Clock.GetUtcNow();
        while (events.TryPeek(out var next, out var due) && due.At <= target)
        {
            if (!next.Quiet)
            {
                CatchUpView(due.At);
            }

            Now = due.At > Now ? due.At : Now;
            events.Dequeue().Act();
        }

        if (target > Now)
        {
            CatchUpView(target);
            Now = target;
        }
    }

    internal void At(DateTimeOffset at, Action action) => events.Enqueue((action, false), (at, order++));

    // A quiet event usually changes nothing, so the cycle's view is not taken for its sake.
    private void AtQuietly(DateTimeOffset at, Action action) => events.Enqueue((action, true), (at, order++));

    internal void After(TimeSpan delay, Action action) => At(Now + delay, action);

    internal void AfterQuietly(TimeSpan delay, Action action) => AtQuietly(Now + delay, action);

    internal Dice Dice => dice;

    internal void Add(VirtualNode node) => nodes.Add(node.Name, node);

    internal void Add(VirtualGuest guest) => guests.Add(guest.VmId, guest);

    internal void Add(VirtualStorage storage) => storages.Add(storage.Id, storage);

    internal void Add(VirtualPool pool) => pools.Add(pool.Id, pool);

    public VirtualNode Node(string name) =>
        nodes.GetValueOrDefault(name) ?? throw PveException.Failed(
            $"hostname lookup '{name}' failed - failed to get address info for: {name}: Name or service not known");

    /// <summary>A node that can be talked to, or 595/596 as the proxying node would answer.</summary>
    public VirtualNode LiveNode(string name)
    {
        var node = Node(name);
        return node.Power switch
        {
            NodePower.On or NodePower.ShuttingDown => node,
            NodePower.Hung => throw new PveException(596, "Connection timed out"),
            _ => throw new PveException(595, "No route to host"),
        };
    }

    public VirtualGuest? FindGuest(int vmid) => guests.GetValueOrDefault(vmid);

    public VirtualGuest GuestOn(string node, GuestKind kind, int vmid)
    {
        LiveNode(node);
        var guest = guests.GetValueOrDefault(vmid);
        var folder = kind == GuestKind.Qemu ? "qemu-server" : "lxc";
        return guest is not null && guest.Node == node && guest.Kind == kind
            ? guest
            : throw PveException.Failed(string.Create(
                CultureInfo.InvariantCulture, $"Configuration file 'nodes/{node}/{folder}/{vmid}.conf' does not exist"));
    }

    public IEnumerable<VirtualGuest> GuestsOn(string node) => guests.Values.Where(g => g.Node == node);

    public VirtualStorage Storage(string id) =>
        storages.GetValueOrDefault(id) ?? throw PveException.Failed($"storage '{id}' does not exist");

    public VirtualStorage StorageOn(string node, string id)
    {
        LiveNode(node);
        var storage = Storage(id);
        return !storage.OnNode(node) ? throw PveException.Failed($"storage '{id}' is not available on node '{node}'")
            : !storage.Enabled ? throw PveException.Failed($"storage '{id}' is disabled")
            : storage;
    }

    public int NextId()
    {
        var id = 100;
        while (guests.ContainsKey(id))
        {
            id++;
        }

        return id;
    }

    internal void Log(VirtualNode node, string unit, string text, int priority = 6) =>
        node.Journal.Add(Now, unit, 900 + (int)(Noise.Key(node.NodeId, unit) % 900), text, priority);

    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

internal sealed class VirtualPool
{
    public required string Id { get; init; }
    public string Comment { get; set; } = "";
    public SortedSet<string> Storages { get; } = new(StringComparer.Ordinal);
}
