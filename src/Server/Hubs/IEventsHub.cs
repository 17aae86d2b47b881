using System.Text.Json;

namespace Jarvis.Server.Hubs;

/// <summary>What a screen may ask of <c>/hubs/events</c> (JSON).</summary>
public interface IEventsHub
{
    /// <summary>Replays what was stored after <paramref name="eventId"/>, oldest first, at most 1 000 rows;
    /// the answer says whether there are more.</summary>
    Task<MissedEvents> Since(long eventId);
}

/// <summary>What <c>/hubs/events</c> tells a screen.</summary>
public interface IEventsClient
{
    Task Happened(EventView happened);

    Task Failed(string code, string message, string traceId);
}

public sealed record MissedEvents(IReadOnlyList<EventView> Events, bool More);

/// <summary>One stored event; <c>Data</c> is what its type defines.</summary>
public sealed record EventView(
    long Id, DateTimeOffset At, string Type, EventSeverity Severity, EventSource Source, string? Actor,
    string? Cluster, string? Node, string? Target, string Summary, JsonElement? Data, string? Correlation);

public enum EventSeverity { Info, Warning, Error, Critical }

public enum EventSource { Monitor, User, Assistant, System, Mcp }
