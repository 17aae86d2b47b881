using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Cluster;

/// <summary>How a cluster was, as the event of the first look at it keeps it, so that later events tell the rest. Guests stand by
/// node and status, as <c>pve1 running</c>.</summary>
public sealed record StateThen(
    bool? Quorate, IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, IReadOnlyList<int>> Guests, IReadOnlyDictionary<string, string> Storages)
{
    internal static JsonElement Of(ClusterView view) => JsonSerializer.SerializeToElement(
        new StateThen(
            view.Header.Quorate,
            view.Nodes.ToDictionary(n => n.Name, n => Word(n.Status, n.Missing)),
            view.Guests.GroupBy(g => $"{g.Node} {Word(g.Status, g.Missing)}").ToDictionary(g => g.Key, g => (IReadOnlyList<int>)[.. g.Select(x => x.Vmid)]),
            view.Storages.ToDictionary(s => s.Id, s => Word(s.Status, s.Missing))),
        StateJson.Default.StateThen);

    /// <summary>Null when the event keeps none, or not all of it.</summary>
    public static StateThen? Read(JsonElement? data) =>
        data is { ValueKind: JsonValueKind.Object } kept && kept.TryGetProperty("guests", out _) ? kept.Deserialize(StateJson.Default.StateThen) : null;

    internal static string Word<T>(T status, bool missing) where T : struct, Enum => missing ? "missing" : status.ToString().ToLowerInvariant();
}

/// <summary>What became of a node, guest or storage, as its event keeps it; a status of <c>gone</c> is the end of it.</summary>
public sealed record BecameThen(string Status, string? Node = null, string? Name = null)
{
    internal JsonElement ToData() => JsonSerializer.SerializeToElement(this, StateJson.Default.BecameThen);

    public static BecameThen? Read(JsonElement? data) =>
        data is { ValueKind: JsonValueKind.Object } kept && kept.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? kept.Deserialize(StateJson.Default.BecameThen) : null;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StateThen))]
[JsonSerializable(typeof(BecameThen))]
internal sealed partial class StateJson : JsonSerializerContext;
