using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Events;

/// <summary>A page of events as JSON, newest first; <c>next</c> goes into <c>before</c> for the page after it. <c>newest</c> is the id
/// of the last event of all when the page was read.</summary>
public sealed record EventPageView(IReadOnlyList<EventView> Items, long? Next, long Newest)
{
    public static EventPageView From(EventPage page) => new([.. page.Items.Select(EventView.From)], page.Next, page.Newest);
}

/// <summary>One event as JSON.</summary>
public sealed record EventView(
    long Id, DateTimeOffset At, string Type, Severity Severity, Source Source, string? Actor, string? Cluster,
    string? Node, string? Target, string Summary, JsonElement? Data, string? Correlation)
{
    public static EventView From(EventRow row) => new(
        row.Id, row.At, row.What.Type, row.What.Severity, row.What.Source, row.What.Actor, row.What.Cluster,
        row.What.Node, row.What.Target, row.What.Summary, row.What.Data, row.What.Correlation);
}

public static class EventsApi
{
    /// <summary>Reading for whoever may use the group; checking the chain for <paramref name="adminPolicy"/>.</summary>
    public static RouteGroupBuilder MapEvents(this RouteGroupBuilder group, string adminPolicy = "admin")
    {
        group.MapGet("/events", ReadAsync).WithName("ReadEvents").WithSummary("Events, newest first");
        group.MapGet("/events/verify", VerifyAsync).WithName("VerifyEvents").WithSummary("Check the hash chain of all events")
            .RequireAuthorization(adminPolicy);
        return group;
    }

    private static async Task<Results<Ok<EventPageView>, ProblemHttpResult>> ReadAsync(
        EventLog events, [AsParameters] EventFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Query(out var query) is { } wrong) return Problem(StatusCodes.Status400BadRequest, "EVENTS_FILTER", wrong);
        try
        {
            return TypedResults.Ok(EventPageView.From(await events.ReadAsync(query, cancellationToken)));
        }
        catch (EventLogUnavailableException)
        {
            return Unavailable();
        }
    }

    private static async Task<Results<Ok<VerifyResult>, ProblemHttpResult>> VerifyAsync(EventLog events, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(await events.VerifyAsync(cancellationToken));
        }
        catch (EventLogUnavailableException)
        {
            return Unavailable();
        }
    }

    private static ProblemHttpResult Unavailable() =>
        Problem(StatusCodes.Status503ServiceUnavailable, "EVENTS_UNAVAILABLE", "The event log cannot be read now; the server's log says why.");

    private static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]);
}

/// <summary>The query string of <c>GET /api/events</c>.</summary>
internal sealed record EventFilter
{
    public int? Limit { get; init; }
    public long? Before { get; init; }
    public long? After { get; init; }
    public string? Type { get; init; }
    public string? Severity { get; init; }
    public string? Source { get; init; }
    public string? Target { get; init; }
    public string? Cluster { get; init; }

    /// <summary>With a cluster also what belongs to none.</summary>
    public bool? General { get; init; }
    public string? Node { get; init; }
    public string? Correlation { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>What is wrong with it; null when the query is good.</summary>
    public string? Query(out EventQuery query)
    {
        query = new EventQuery
        {
            Limit = Limit ?? 100, Before = Before, After = After, Type = Type, Target = Target, Cluster = Cluster, AndGeneral = General is true,
            Node = Node, Correlation = Correlation, From = From, To = To,
        };
        if (Limit is < 1 or > EventQuery.MaxLimit) return $"limit must be 1 to {EventQuery.MaxLimit}.";
        if (Severity is not null)
        {
            if (!Enum.TryParse<Severity>(Severity, ignoreCase: true, out var least) || !Enum.IsDefined(least))
                return "severity must be info, warning, error or critical; it and what is worse are given.";
            query = query with { AtLeast = least };
        }
        if (Source is not null)
        {
            if (!Enum.TryParse<Source>(Source, ignoreCase: true, out var source) || !Enum.IsDefined(source))
                return "source must be monitor, user, assistant, system or mcp.";
            query = query with { Source = source };
        }
        return null;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventPageView))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(CutData))]
internal sealed partial class EventsJson : JsonSerializerContext;
