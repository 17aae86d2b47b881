using Jarvis.Server.Events;

namespace Jarvis.Server.Tests.Events;

public sealed class QueryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_go_back_to_the_first_row_without_repeating_any()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(25);
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = await fixture.Log.ReadAsync(new EventQuery { Limit = 10, Before = before }, Stop);
            seen.AddRange(page.Items.Select(row => row.Id));
            before = page.Next;
        }
        while (before is not null && seen.Count < 100);

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Every_filter_agrees_with_a_plain_search()
    {
        await using var fixture = await LogFixture.OpenAsync();
        var random = new Random(7);
        string[] types = ["guest.stopped", "guest.started", "guest", "guestlist.read", "node.offline", "poll.failed"];
        for (var i = 0; i < 600; i++)
        {
            await fixture.Log.AppendAsync(new Happening
            {
                Type = types[random.Next(types.Length)], Severity = (Severity)random.Next(4), Source = (Source)random.Next(5), Summary = $"{i}",
                Cluster = random.Next(2) == 0 ? "a" : "b", Node = $"pve{random.Next(3)}",
                Target = random.Next(4) == 0 ? null : $"guest/{random.Next(5)}", Correlation = random.Next(3) == 0 ? $"run-{random.Next(4)}" : null,
            }, Stop);
            if (i % 10 == 0) fixture.Time.Advance(TimeSpan.FromMinutes(1));
        }
        var all = (await fixture.Log.SinceAsync(0, 1000, Stop)).Reverse().ToList();
        Assert.Equal(600, all.Count);

        for (var i = 0; i < 400; i++)
        {
            T? Maybe<T>(T value) where T : struct => random.Next(3) == 0 ? value : null;
            string? MaybeText(string value) => random.Next(4) == 0 ? value : null;
            var query = new EventQuery
            {
                Type = MaybeText(((string[])["guest", "guest.stopped", "node", "nothing", "guest."])[random.Next(5)]), AtLeast = Maybe((Severity)random.Next(4)),
                Source = Maybe((Source)random.Next(5)), Cluster = MaybeText("a"), Node = MaybeText("pve1"), Target = MaybeText($"guest/{random.Next(5)}"),
                Correlation = MaybeText("run-2"), Before = Maybe((long)random.Next(600)), After = Maybe((long)random.Next(600)),
                From = Maybe(all[^1].At.AddMinutes(random.Next(70))), To = Maybe(all[^1].At.AddMinutes(random.Next(70))), Limit = random.Next(1, 60),
            };
            var expected = all.Where(row => Matches(row, query)).ToList();

            var page = await fixture.Log.ReadAsync(query, Stop);

            Assert.True(expected.Take(query.Limit).Select(r => r.Id).SequenceEqual(page.Items.Select(r => r.Id)), $"{query}");
            Assert.Equal(expected.Count > query.Limit ? page.Items[^1].Id : null, page.Next);
        }
    }

    [Fact]
    public async Task Times_are_found_even_after_the_clock_went_back()
    {
        await using var fixture = await LogFixture.OpenAsync();
        var noon = fixture.Time.GetUtcNow();
        await fixture.AppendAsync(3);
        await fixture.CloseAsync();
        fixture.Tamper($"UPDATE events SET at = at + 7200000 WHERE id = 2; UPDATE head SET at = at + 7200000");
        await fixture.ReopenAsync();
        await fixture.AppendAsync(2);

        var page = await fixture.Log.ReadAsync(new EventQuery { From = noon.AddHours(1) }, Stop);
        Assert.Equal([2L], page.Items.Select(row => row.Id));
        Assert.Equal(0L, fixture.Scalar("SELECT in_order FROM head"));
    }

    private static bool Matches(EventRow row, EventQuery query)
    {
        var (what, type) = (row.What, query.Type?.TrimEnd('.'));
        return (type is null || what.Type == type || what.Type.StartsWith(type + ".", StringComparison.Ordinal))
            && (query.AtLeast is null || what.Severity >= query.AtLeast) && (query.Source is null || what.Source == query.Source)
            && (query.Cluster is null || what.Cluster == query.Cluster) && (query.Node is null || what.Node == query.Node)
            && (query.Target is null || what.Target == query.Target) && (query.Correlation is null || what.Correlation == query.Correlation)
            && (query.Before is null || row.Id < query.Before) && (query.After is null || row.Id > query.After)
            && (query.From is null || row.At >= query.From) && (query.To is null || row.At <= query.To);
    }
}
