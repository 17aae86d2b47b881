using System.Text.Json.Nodes;

namespace Jarvis.Bench;

/// <summary>What a screen would show: the first state with every change since applied.</summary>
internal sealed class HubState
{
    private const double Mebibyte = 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _nodes = [];
    private readonly Dictionary<string, JsonObject> _guests = [];
    private readonly Dictionary<string, JsonObject> _storages = [];
    private readonly List<(long Sequence, JsonNode Guests)> _early = [];
    private readonly List<string> _troubles = [];
    private long _sequence = -1;

    public void Take(Arrival arrival)
    {
        lock (_lock)
        {
            if (arrival.Target == "Guests") _early.Add((State.Argument(arrival, 1)!.GetValue<long>(), State.Argument(arrival, 2)!));
            else if (arrival.Target == "Snapshot") Begin(State.Argument(arrival, 0)!, State.Argument(arrival, 1)!.GetValue<long>());
            else if (arrival.Target == "Delta") Change(State.Argument(arrival, 2)!, State.Argument(arrival, 1)!.GetValue<long>());
            else if (arrival.Target == "Failed") _troubles.Add($"the hub said {State.Argument(arrival, 0)}: {State.Argument(arrival, 1)}");
        }
    }

    /// <summary>Gaps in the sequence and what the hub complained of.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (_lock) return [.. _troubles];
        }
    }

    /// <summary>A line a row with what does not move from tick to tick, to compare with <see cref="SimulatorProcess.RowsAsync"/>.</summary>
    public IReadOnlySet<string> Rows()
    {
        lock (_lock)
        {
            return new HashSet<string>(
            [
                .. _nodes.Select(n => $"node {n.Key} {Text(n.Value, "status")}{Gone(n.Value)}"),
                .. _guests.Select(g => $"guest {g.Key} {Text(g.Value, "name")} on {Text(g.Value, "node")} {Text(g.Value, "status")}{Gone(g.Value)}"),
                .. _storages.Select(s => $"storage {s.Key} {Text(s.Value, "status")}{Gone(s.Value)}"),
            ]);
        }
    }

    public IReadOnlyList<string> NodeNames() => Keys(_nodes, _ => true);

    public IReadOnlyList<string> StorageNames(bool shared) => Keys(_storages, s => s["shared"]!.GetValue<bool>() == shared);

    public IReadOnlyList<string> Running(string type) => Keys(_guests, g => Text(g, "type") == type && Text(g, "status") == "running");

    private IReadOnlyList<string> Keys(Dictionary<string, JsonObject> rows, Func<JsonObject, bool> wanted)
    {
        lock (_lock) return [.. rows.Where(r => wanted(r.Value)).Select(r => r.Key).Order(StringComparer.Ordinal)];
    }

    private void Begin(JsonNode view, long sequence)
    {
        _nodes.Clear();
        _guests.Clear();
        _storages.Clear();
        foreach (var (_, guests) in _early.Where(e => e.Sequence == sequence)) Put(new JsonObject { ["guests"] = guests.DeepClone() }, _nodes, _guests, _storages);
        _early.Clear();
        Put(view, _nodes, _guests, _storages);
        _sequence = sequence;
    }

    private void Change(JsonNode delta, long sequence)
    {
        if (sequence != _sequence + 1) _troubles.Add($"sequence {sequence} came after {_sequence}");
        _sequence = sequence;
        Put(delta, _nodes, _guests, _storages);
        Move(delta["guestNumbers"]);
        foreach (var name in Array(delta["removedNodes"])) _nodes.Remove(name.ToString());
        foreach (var vmid in Array(delta["removedGuests"])) _guests.Remove(vmid.ToString());
        foreach (var id in Array(delta["removedStorages"])) _storages.Remove(id.ToString());
    }

    private static void Put(JsonNode from, Dictionary<string, JsonObject> nodes, Dictionary<string, JsonObject> guests, Dictionary<string, JsonObject> storages)
    {
        foreach (var row in Array(from["nodes"])) nodes[Text(row, "name")] = row.AsObject();
        foreach (var row in Array(from["guests"])) guests[row["vmid"]!.ToString()] = row.AsObject();
        foreach (var row in Array(from["storages"])) storages[Text(row, "id")] = row.AsObject();
    }

    private void Move(JsonNode? numbers)
    {
        if (numbers is null) return;
        (string Field, double Unit)[] columns =
            [("cpu", 0.001), ("memory", Mebibyte), ("memoryHost", Mebibyte), ("disk", Mebibyte), ("netIn", 1), ("netOut", 1), ("diskRead", 1), ("diskWrite", 1)];
        foreach (var (i, vmid) in Array(numbers["vmids"]).Index())
        {
            if (!_guests.TryGetValue(vmid.ToString(), out var guest))
            {
                _troubles.Add($"numbers came for guest {vmid}, which is not known");
                continue;
            }

            foreach (var (field, unit) in columns)
            {
                var value = numbers[field]![i]!.GetValue<double>();
                guest[field] = value < 0 ? null : value * unit;
            }
        }
    }

    private static IEnumerable<JsonNode> Array(JsonNode? node) => node is JsonArray array ? array.OfType<JsonNode>() : [];

    private static string Text(JsonNode row, string field) => row[field]?.ToString() ?? "";

    private static string Gone(JsonNode row) => row["missing"]?.GetValue<bool>() == true ? " missing" : "";
}
