using Jarvis.Server.Events;

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
