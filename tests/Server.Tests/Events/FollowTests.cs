using Jarvis.Server.Events;

namespace Jarvis.Server.Tests.Events;

public sealed class FollowTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follower_sees_rows_as_they_are_stored()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(3);
        await using var rows = fixture.Log.FollowAsync(Stop).GetAsyncEnumerator(Stop);
        var next = rows.MoveNextAsync();
        Assert.False(next.IsCompleted);

        var id = await fixture.Log.AppendAsync(LogFixture.Some("Now."), Stop);

        Assert.True(await next.AsTask().WaitAsync(Limit, Stop));
        Assert.Equal((id, "Now.", fixture.Time.GetUtcNow()), (rows.Current.Id, rows.Current.What.Summary, rows.Current.At));
        Assert.Equal([id], (await fixture.Log.SinceAsync(3, 10, Stop)).Select(row => row.Id));
    }

    [Fact]
    public async Task A_slow_follower_misses_nothing_and_holds_nobody_up()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(1);
        await using var rows = fixture.Log.FollowAsync(Stop).GetAsyncEnumerator(Stop);
        var next = rows.MoveNextAsync();
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ => fixture.Log.AppendAsync(LogFixture.Some(), Stop).AsTask())).WaitAsync(Limit, Stop);

        for (var id = 2; id <= 5001; id++)
        {
            Assert.True(await next.AsTask().WaitAsync(Limit, Stop));
            Assert.Equal(id, rows.Current.Id);
            if (id <= 5000) next = rows.MoveNextAsync();
        }
    }

    [Fact]
    public async Task A_follower_far_behind_is_told_to_begin_again()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(1);
        await using var rows = fixture.Log.FollowAsync(Stop).GetAsyncEnumerator(Stop);
        var next = rows.MoveNextAsync();
        await fixture.AppendAsync(1);
        await next;
        for (var i = 0; i < 3; i++) await Task.WhenAll(Enumerable.Range(0, 7000).Select(_ => fixture.Log.AppendAsync(LogFixture.Some(), Stop).AsTask())).WaitAsync(Limit, Stop);

        var lagged = await Assert.ThrowsAsync<FollowerLaggedException>(async () => await rows.MoveNextAsync());
        Assert.Equal(2, lagged.LastId);
    }

    [Fact]
    public async Task Following_ends_when_the_log_stops()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(1);
        await using var rows = fixture.Log.FollowAsync(Stop).GetAsyncEnumerator(Stop);
        var next = rows.MoveNextAsync();
        await fixture.CloseAsync();
        Assert.False(await next.AsTask().WaitAsync(Limit, Stop));
    }
}
