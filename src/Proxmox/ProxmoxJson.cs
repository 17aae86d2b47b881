using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

internal sealed record Envelope<T>
{
    [JsonRequired]
    public T? Data { get; init; }

    /// <summary>Of pages: how many rows there are in all.</summary>
    public long? Total { get; init; }
}

/// <summary>The guest agent's answers come in a wrapper of their own.</summary>
internal sealed record AgentAnswer<T>
{
    public required T Result { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Envelope<AgentAnswer<GuestOs>>))]
[JsonSerializable(typeof(Envelope<AgentAnswer<IReadOnlyList<GuestFileSystem>>>))]
[JsonSerializable(typeof(Envelope<AgentAnswer<IReadOnlyList<GuestInterface>>>))]
[JsonSerializable(typeof(Envelope<AgentExecution>))]
[JsonSerializable(typeof(Envelope<CephOsdTree>))]
[JsonSerializable(typeof(Envelope<CephStatus>))]
[JsonSerializable(typeof(Envelope<GuestStatus>))]
[JsonSerializable(typeof(Envelope<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyDictionary<string, JsonElement>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<AclRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<AptPackage>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<BackupJob>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<CephPool>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<CertificateInfo>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterLogRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterResource>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterStatusRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ClusterTask>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<DiskRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<GuestInterface>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<GuestStatus>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<HaResource>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<HaRule>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<HaStatusRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<NetworkInterface>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<NodeRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<PendingValue>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<PoolRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RealmRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ReplicationJob>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RoleRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RrdPoint>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ServiceRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<Snapshot>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<StorageConfig>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<StorageStatus>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<StorageVolume>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<TaskLogLine>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ThinPool>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<TokenRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<UncoveredGuest>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<UserRow>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<ZfsPool>>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<string>>))]
[JsonSerializable(typeof(Envelope<JoinInfo>))]
[JsonSerializable(typeof(Envelope<JsonElement>))]
[JsonSerializable(typeof(Envelope<MigrationCheck>))]
[JsonSerializable(typeof(Envelope<NodeConfig>))]
[JsonSerializable(typeof(Envelope<NodeStatus>))]
[JsonSerializable(typeof(Envelope<NodeTime>))]
[JsonSerializable(typeof(Envelope<PoolRow>))]
[JsonSerializable(typeof(Envelope<ServiceRow>))]
[JsonSerializable(typeof(Envelope<SmartHealth>))]
[JsonSerializable(typeof(Envelope<StorageStatus>))]
[JsonSerializable(typeof(Envelope<Subscription>))]
[JsonSerializable(typeof(Envelope<TaskState>))]
[JsonSerializable(typeof(Envelope<VersionInfo>))]
[JsonSerializable(typeof(Envelope<ZfsPoolDetail>))]
[JsonSerializable(typeof(Envelope<int>))]
[JsonSerializable(typeof(TerminalTicket))]
[JsonSerializable(typeof(IReadOnlyList<GuestInterface>))]
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
