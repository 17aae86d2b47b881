using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

internal sealed record Envelope<T>
{
    [JsonRequired]
    public T? Data { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Envelope<JsonElement>))]
[JsonSerializable(typeof(Envelope<string>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterResource>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterStatusRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterTask>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<NodeRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RrdPoint>>))]
[JsonSerializable(typeof(Envelope<NodeStatus>))]
[JsonSerializable(typeof(Envelope<VersionInfo>))]
[JsonSerializable(typeof(Envelope<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>>))]
internal sealed partial class ProxmoxJson : JsonSerializerContext
{
    /// <summary>A context with a text pool of its own.</summary>
    public static ProxmoxJson Create() => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = new LowerCase(),
        RespectNullableAnnotations = true,
        Converters =
        {
            new LooseNullable<bool>(LooseScalars.ReadBoolean), new Loose<bool>(LooseScalars.ReadBoolean),
            new LooseNullable<int>(LooseScalars.ReadInt32), new Loose<int>(LooseScalars.ReadInt32),
            new LooseNullable<long>(LooseScalars.ReadInt64), new Loose<long>(LooseScalars.ReadInt64),
            new LooseNullable<double>(LooseScalars.ReadDouble), new Loose<double>(LooseScalars.ReadDouble),
            new PooledText(),
        },
    });

    private sealed class LowerCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) =>
            string.Create(name.Length, name, (span, text) => text.AsSpan().ToLowerInvariant(span));
    }
}
