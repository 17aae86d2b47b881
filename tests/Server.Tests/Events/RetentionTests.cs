namespace Jarvis.Server.Tests.Events;

public sealed class RetentionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whole_days_go_and_the_rest_still_verifies()
    {
        await using var fixture = await WithDaysAsync(5, 100);
        await RetainAsync(fixture, keepDays: 2);

        var result = await fixture.Log.VerifyAsync(Stop);

        Assert.Equal((true, 200L, 301L), (result.Ok, result.RemovedThrough, result.Rows));
        Assert.Equal(201, (await fixture.Log.SinceAsync(0, 1, Stop)).Single().Id);
        Assert.Equal(0L, fixture.Scalar("SELECT count(*) FROM event_texts WHERE id <= 200"));
    }

    [Fact]
    public async Task The_day_of_the_limit_stays_whole()
    {
        await using var fixture = await WithDaysAsync(3, 10);
        await RetainAsync(fixture, keepDays: 3);
        Assert.Equal(0, (await fixture.Log.VerifyAsync(Stop)).RemovedThrough);
    }

    [Fact]
    public async Task Everything_may_go_and_ids_go_on()
    {
        await using var fixture = await WithDaysAsync(1, 10);
        fixture.Time.Advance(TimeSpan.FromDays(30));
        await fixture.ReopenAsync(keepDays: 1);
        await fixture.Log.RetainedAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);

        Assert.Equal(11, await fixture.Log.AppendAsync(LogFixture.Some(), Stop));
        await fixture.ReopenAsync(keepDays: 1);
        await fixture.AppendAsync(1);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
        Assert.Null(fixture.Log.Health.Trouble);
    }

    [Fact]
    public async Task More_than_one_piece_is_removed_and_again_another_day()
    {
        await using var fixture = await LogFixture.OpenAsync();
        for (var i = 0; i < 5000; i++) fixture.Log.TryPost(LogFixture.Some());
        await fixture.AppendAsync(1);
        fixture.Time.Advance(TimeSpan.FromDays(3));
        await RetainAsync(fixture, keepDays: 1);
        Assert.Equal(5001, (await fixture.Log.VerifyAsync(Stop)).RemovedThrough);
        fixture.Time.Advance(TimeSpan.FromDays(3));
        await RetainAsync(fixture, keepDays: 1);

        var result = await fixture.Log.VerifyAsync(Stop);
        Assert.Equal((true, 5002L, 1L), (result.Ok, result.RemovedThrough, result.Rows));
        Assert.InRange((long)fixture.Scalar("PRAGMA page_count")!, 1, 100);
    }

    [Theory]
    [InlineData("DROP TRIGGER checkpoints_keep; UPDATE checkpoints SET signature = zeroblob(32)")]
    [InlineData("DROP TRIGGER checkpoints_keep; UPDATE checkpoints SET through = 210; DELETE FROM events WHERE id <= 210")]
    [InlineData("INSERT INTO checkpoints SELECT 300, hash, at, zeroblob(32) FROM events WHERE id = 300; DELETE FROM events WHERE id <= 300")]
    [InlineData("DROP TRIGGER checkpoints_stay; DELETE FROM checkpoints")]
    public async Task A_forged_checkpoint_is_found(string sql)
    {
        await using var fixture = await WithDaysAsync(5, 100);
        await RetainAsync(fixture, keepDays: 2);
        fixture.Tamper(sql);
        Assert.False((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Fact]
    public async Task A_removal_cut_short_verifies_and_is_finished_later()
    {
        await using var fixture = await WithDaysAsync(5, 100);
        await RetainAsync(fixture, keepDays: 2);
        await fixture.CloseAsync();
        fixture.Tamper("INSERT INTO events SELECT 200, at, type, severity, source, actor, cluster, node, target, correlation, digest, hash FROM events WHERE id = 201");

        await fixture.ReopenAsync(keepDays: 2);
        await fixture.AppendAsync(1);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
        await RetainAsync(fixture, keepDays: 2);
        Assert.Equal(201L, fixture.Scalar("SELECT min(id) FROM events"));
    }

    private static async Task<LogFixture> WithDaysAsync(int days, int each)
    {
        var fixture = await LogFixture.OpenAsync();
        for (var day = 0; day < days; day++)
        {
            await fixture.AppendAsync(each);
            if (day < days - 1) fixture.Time.Advance(TimeSpan.FromDays(1));
        }
        return fixture;
    }

    /// <summary>Retention runs after the first append and between all others until it is done.</summary>
    private static async Task RetainAsync(LogFixture fixture, int keepDays)
    {
        await fixture.ReopenAsync(keepDays);
        await fixture.AppendAsync(1);
        await fixture.Log.RetainedAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);
    }
}
