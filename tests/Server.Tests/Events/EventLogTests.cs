using System.Text.Json;
using Jarvis.Server.Events;

namespace Jarvis.Server.Tests.Events;

public sealed class EventLogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_appended_is_read_as_it_was()
    {
        await using var fixture = await LogFixture.OpenAsync();
        var what = new Happening
        {
            Type = "guest.stopped", Severity = Severity.Error, Source = Source.Mcp, Summary = "Größer 🦊", Actor = "anna", Cluster = "lab",
            Node = "pve1", Target = "guest/100", Correlation = "run-1", Data = JsonElement.Parse("""{"exit":[1,"a"]}"""),
        };

        var id = await fixture.Log.AppendAsync(what, Stop);
        await fixture.ReopenAsync();
        var row = (await fixture.Log.SinceAsync(0, 10, Stop)).Single();

        Assert.Equal((id, fixture.Time.GetUtcNow()), (row.Id, row.At));
        Assert.Equal(what with { Data = null }, row.What with { Data = null });
        Assert.Equal("""{"exit":[1,"a"]}""", row.What.Data!.Value.GetRawText());
    }

    [Fact]
    public async Task Appends_from_many_sides_get_ids_without_gaps_in_order()
    {
        await using var fixture = await LogFixture.OpenAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(side => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < 200; i++) mine.Add(await fixture.Log.AppendAsync(LogFixture.Some($"{side}:{i}"), Stop));
            return mine;
        }, Stop)));

        Assert.All(ids, mine => Assert.Equal(mine.Order(), mine));
        Assert.Equal(Enumerable.Range(1, 1600).Select(i => (long)i), ids.SelectMany(mine => mine).Order());
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Fact]
    public async Task Posted_events_are_stored_before_the_log_stops()
    {
        await using var fixture = await LogFixture.OpenAsync();
        for (var i = 0; i < 1000; i++) Assert.True(fixture.Log.TryPost(LogFixture.Some()));
        await fixture.ReopenAsync();
        await fixture.AppendAsync(1);
        Assert.Equal(1001, fixture.Log.Health.LastId);
    }

    [Fact]
    public async Task Long_texts_are_cut_and_long_data_is_replaced_by_its_beginning()
    {
        await using var fixture = await LogFixture.OpenAsync();
        var data = JsonSerializer.SerializeToElement(new string('x', 17_000));
        await fixture.Log.AppendAsync(LogFixture.Some(new string('a', 501)) with { Data = data, Actor = new string('b', 300) }, Stop);

        var what = (await fixture.Log.SinceAsync(0, 1, Stop)).Single().What;

        Assert.Equal(new string('a', 499) + "…", what.Summary);
        Assert.Equal(256, what.Actor!.Length);
        Assert.Equal((true, 17_002), (what.Data!.Value.GetProperty("truncated").GetBoolean(), what.Data.Value.GetProperty("bytes").GetInt32()));
        Assert.StartsWith("\"xxx", what.Data.Value.GetProperty("beginning").GetString(), StringComparison.Ordinal);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Theory]
    [InlineData("nul \0 inside")]
    [InlineData("half a pair \ud83e")]
    [InlineData("")]
    public async Task Strange_text_does_not_break_the_chain(string summary)
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.Log.AppendAsync(LogFixture.Some(summary), Stop);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Guest.Stopped")]
    [InlineData("guest stopped")]
    public async Task A_malformed_type_is_refused(string type)
    {
        await using var fixture = await LogFixture.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await fixture.Log.AppendAsync(LogFixture.Some(type: type), Stop));
    }

    [Fact]
    public async Task Bytes_are_counted_by_day()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(20);
        await fixture.ReopenAsync();
        await fixture.AppendAsync(20);
        var today = fixture.Log.Health.BytesWrittenToday;
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await fixture.AppendAsync(1);

        Assert.InRange(today, 40 * 4096, 4_000_000);
        Assert.InRange(fixture.Log.Health.BytesWrittenToday, 4096, today / 2);
    }
}
