using Jarvis.Server.Events;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Tests.Events;

public sealed class ChainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_untouched_log_verifies()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(300);
        await fixture.ReopenAsync();
        await fixture.AppendAsync(5);

        var result = await fixture.Log.VerifyAsync(Stop);

        Assert.Equal((true, 305L, 0L), (result.Ok, result.Rows, result.DeletedTexts));
        Assert.Null(fixture.Log.Health.Trouble);
    }

    [Fact]
    public async Task An_empty_log_verifies()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(0);
        await fixture.CloseAsync();
        await fixture.ReopenAsync();
        await fixture.AppendAsync(1);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Theory]
    [InlineData("UPDATE events SET type = 'guest.started' WHERE id = 7", 7)]
    [InlineData("UPDATE events SET at = at - 1 WHERE id = 7", 7)]
    [InlineData("UPDATE events SET actor = 'eve' WHERE id = 7", 7)]
    [InlineData("UPDATE events SET target = '' WHERE id = 7", 7)]
    [InlineData("UPDATE events SET severity = 3 WHERE id = 20", 20)]
    [InlineData("UPDATE event_texts SET summary = 'Nothing happened.' WHERE id = 7", 7)]
    [InlineData("UPDATE event_texts SET data = '{}' WHERE id = 7", 7)]
    [InlineData("DELETE FROM events WHERE id = 1", 1)]
    [InlineData("DELETE FROM events WHERE id = 7", 7)]
    [InlineData("DELETE FROM events WHERE id = 20", 20)]
    [InlineData("DELETE FROM events", 1)]
    [InlineData("UPDATE events SET id = -1 WHERE id = 7; UPDATE events SET id = 7 WHERE id = 8; UPDATE events SET id = 8 WHERE id = -1", 7)]
    [InlineData("INSERT INTO events SELECT 21, at, type, severity, source, actor, cluster, node, target, correlation, digest, hash FROM events WHERE id = 20", 21)]
    [InlineData("UPDATE head SET id = 19, hash = (SELECT hash FROM events WHERE id = 19); DELETE FROM events WHERE id = 20", 19)]
    [InlineData("DELETE FROM head", 1)]
    public async Task What_was_done_behind_its_back_is_found(string sql, long brokenAt)
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(20);
        fixture.Tamper(sql);

        var result = await fixture.Log.VerifyAsync(Stop);

        Assert.False(result.Ok);
        Assert.Equal(brokenAt, result.BrokenAt);
    }

    [Theory]
    [InlineData("UPDATE events SET type = 'guest.started' WHERE id = 18")]
    [InlineData("DELETE FROM events WHERE id = 20")]
    [InlineData("INSERT INTO events SELECT 21, at, type, severity, source, actor, cluster, node, target, correlation, digest, hash FROM events WHERE id = 20")]
    [InlineData("UPDATE head SET id = 19, hash = (SELECT hash FROM events WHERE id = 19); DELETE FROM events WHERE id = 20")]
    [InlineData("DELETE FROM head")]
    public async Task Damage_at_the_tail_is_told_at_start_and_never_healed(string sql)
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(20);
        await fixture.CloseAsync();
        fixture.Tamper(sql);

        await fixture.ReopenAsync();
        await fixture.AppendAsync(3);

        Assert.NotNull(fixture.Log.Health.Trouble);
        Assert.True(fixture.Log.Health.Available);
        Assert.Equal("events.damaged", (await fixture.Log.ReadAsync(new EventQuery { Type = "events" }, Stop)).Items.Single().What.Type);
        Assert.False((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Fact]
    public async Task A_deleted_text_leaves_the_chain_whole()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(10);
        fixture.Scalar("DELETE FROM event_texts WHERE id IN (3, 4)");

        var result = await fixture.Log.VerifyAsync(Stop);
        var rows = await fixture.Log.SinceAsync(2, 1, Stop);

        Assert.Equal((true, 10L, 2L), (result.Ok, result.Rows, result.DeletedTexts));
        Assert.Equal("(text deleted)", rows.Single().What.Summary);
    }

    [Theory]
    [InlineData("UPDATE events SET type = 'x'")]
    [InlineData("DELETE FROM events WHERE id = 1")]
    [InlineData("UPDATE event_texts SET summary = 'x'")]
    public async Task The_file_refuses_changes(string sql)
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(2);
        Assert.Throws<SqliteException>(() => fixture.Scalar(sql));
    }

    [Fact]
    public async Task A_lost_key_is_told()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(2);
        await fixture.CloseAsync();
        File.Delete(Path.Combine(fixture.Folder, "events.key"));

        await fixture.ReopenAsync();
        await fixture.AppendAsync(1);

        Assert.Contains("events.key", fixture.Log.Health.Trouble, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(Path.Combine(fixture.Folder, "events.key")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
