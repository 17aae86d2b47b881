using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Server.Agent;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;

namespace Jarvis.Server.Hubs;

/// <summary>The shapes of everything a hub carries, in JSON and, through <see cref="JsonShapes"/>, in MessagePack.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ClusterEntry[]))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(GuestView[]))]
[JsonSerializable(typeof(ClusterDelta))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(MissedEvents))]
[JsonSerializable(typeof(ChatBegun))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class HubJson : JsonSerializerContext
{
    /// <summary>Enums are camelCase words, as everywhere on our wire.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.TypeInfoResolverChain.Insert(0, AgentJson.Default);
        options.TypeInfoResolverChain.Insert(0, Default);
        return options;
    }
}
