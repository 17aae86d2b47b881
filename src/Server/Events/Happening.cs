using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Events;

/// <summary>Something that happened and is to be remembered; the log gives it an id and a time.</summary>
public sealed record Happening
{
    /// <summary>What kind, dotted lower case: <c>guest.stopped</c>, <c>node.offline</c>, <c>poll.failed</c>.</summary>
    public required string Type { get; init; }
    public required Severity Severity { get; init; }
    public required Source Source { get; init; }

    /// <summary>One line for people; never a secret.</summary>
    public required string Summary { get; init; }
    public string? Actor { get; init; }
    public string? Cluster { get; init; }
    public string? Node { get; init; }

    /// <summary><c>node/NAME</c>, <c>guest/VMID</c>, <c>storage/ID</c> or <c>task/UPID</c>, within the cluster.</summary>
    public string? Target { get; init; }
    public JsonElement? Data { get; init; }

    /// <summary>The run, incident or approval it belongs to.</summary>
    public string? Correlation { get; init; }
}

[JsonConverter(typeof(CamelCase<Severity>))]
public enum Severity { Info, Warning, Error, Critical }

[JsonConverter(typeof(CamelCase<Source>))]
public enum Source { Monitor, User, Assistant, System, Mcp }

/// <summary>A stored happening.</summary>
public sealed record EventRow(long Id, DateTimeOffset At, Happening What);

internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
