using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Agent;

/// <summary>What models cost; money in millionths of a US dollar, days in UTC.</summary>
/// <param name="Today">Spent today, what calls under way may cost included.</param>
/// <param name="ThisMonth">Spent this month, likewise.</param>
/// <param name="DailyCap">What may be spent in a day.</param>
/// <param name="MonthlyCap">What may be spent in a month.</param>
/// <param name="Left">What may still be spent now.</param>
/// <param name="Lines">Per day, conversation and model, the newest day first.</param>
internal sealed record SpendView(long Today, long ThisMonth, long DailyCap, long MonthlyCap, long Left, IReadOnlyList<SpendLine> Lines);

internal static class SpendApi
{
    private const int DaysShown = 30;
    private const int MostDays = 400;

    public static void MapSpend(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/spend", ReadAsync).WithTags("Assistant").RequireAuthorization("operator").ProducesProblem(400)
            .WithSummary("What models cost, and what is left of the caps; the last 30 days unless said otherwise.");

    private static async Task<Results<Ok<SpendView>, ProblemHttpResult>> ReadAsync(Spend spend, TimeProvider time, DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
    {
        var last = to ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = from ?? (last.DayNumber > DaysShown ? last.AddDays(1 - DaysShown) : DateOnly.MinValue);
        if (first > last || last.DayNumber - first.DayNumber > MostDays)
            return TypedResults.Problem($"from must be a day before to, at most {MostDays} days apart, as from=2026-11-01&to=2026-11-30.", statusCode: 400);
        var state = await spend.NowAsync(cancellationToken);
        return TypedResults.Ok(new SpendView(
            state.Today, state.ThisMonth, state.DailyCap, state.MonthlyCap, state.Left, await spend.LinesAsync(first, last, cancellationToken)));
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SpendView))]
internal sealed partial class SpendJson : JsonSerializerContext;
