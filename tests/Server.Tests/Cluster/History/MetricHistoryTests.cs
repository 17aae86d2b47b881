using Jarvis.Server.Cluster.History;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Cluster.History;

public sealed class MetricHistoryTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Noon);
    private MetricHistory? _history;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_tick_is_read_back_even_before_it_is_written()
    {
        await OpenAsync();
        await TicksAsync(20, n => [Point("node/pve1", n)]);

        var series = await ReadAsync("node/pve1", TimeSpan.FromSeconds(200));

        Assert.Equal(TimeSpan.FromSeconds(10), series.Step);
        Assert.Equal(Enumerable.Range(0, 20).Select(n => (double?)n), Rounded(series.Values[Metric.Memory]));
        Assert.Equal(Noon.AddSeconds(5), series.Times[0]);
    }

    [Fact]
    public async Task Unknown_stays_unknown_and_zero_stays_zero()
    {
        await OpenAsync();
        await TicksAsync(60, n => n % 3 == 0 ? [new HistoryPoint("guest/100", Cpu: 0)] : []);

        var values = (await ReadAsync("guest/100", TimeSpan.FromMinutes(10))).Values;

        Assert.Equal([0, null, null, 0, null, null], values[Metric.Cpu].Take(6));
        Assert.All(values[Metric.Memory], Assert.Null);
    }

    [Fact]
    public async Task A_target_that_never_was_is_unknown()
    {
        await OpenAsync();
        await TicksAsync(12, n => [Point("node/pve1", n)]);
        Assert.All((await ReadAsync("guest/999", TimeSpan.FromMinutes(2))).Values[Metric.Memory], Assert.Null);
    }

    [Fact]
    public async Task Clusters_with_the_same_names_do_not_mix()
    {
        await OpenAsync();
        for (var n = 0; n < 12; n++)
        {
            _history!.Record(new("a", _time.GetUtcNow(), [Point("guest/100", 1)]));
            _history.Record(new("b", _time.GetUtcNow(), [Point("guest/7", 3), Point("guest/100", 2)]));
            _time.Advance(TimeSpan.FromSeconds(10));
        }
        await _history!.WrittenAsync(Stop);

        Assert.All(Rounded((await ReadAsync("guest/100", TimeSpan.FromMinutes(2), "a")).Values[Metric.Memory]), v => Assert.Equal(1, v));
        Assert.All(Rounded((await ReadAsync("guest/100", TimeSpan.FromMinutes(2), "b")).Values[Metric.Memory]), v => Assert.Equal(2, v));
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_minute_loses_nothing()
    {
        await OpenAsync();
        await TicksAsync(9, n => [Point("node/a", n), Point("node/b", 100 + n)]);
        await OpenAsync();
        await TicksAsync(9, n => [Point("node/b", 109 + n), Point("node/a", 9 + n)]);

        Assert.Equal(Enumerable.Range(0, 18).Select(n => (double?)n), Rounded((await ReadAsync("node/a", TimeSpan.FromMinutes(3))).Values[Metric.Memory]));
        Assert.Equal(Enumerable.Range(100, 18).Select(n => (double?)n), Rounded((await ReadAsync("node/b", TimeSpan.FromMinutes(3))).Values[Metric.Memory]));
    }

    [Fact]
    public async Task Ticks_that_come_a_little_early_or_late_leave_no_gaps()
    {
        await OpenAsync();
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            _history!.Record(new("lab", Noon.AddSeconds(n * 10 + 0.1 + random.NextDouble() * 4 - 2), [Point("node/a", n)]));
            _time.SetUtcNow(Noon.AddSeconds((n + 1) * 10));
            if (n % 6 == 0) await _history.WrittenAsync(Stop);
        }

        var values = (await ReadAsync("node/a", TimeSpan.FromSeconds(2900))).Values[Metric.Memory];
        Assert.All(values.SkipLast(1), v => Assert.NotNull(v));
    }

    [Fact]
    public async Task Three_days_are_rolled_up_into_minutes_and_quarters_of_an_hour_and_stay_small()
    {
        await OpenAsync();
        await TicksAsync(3 * 8640, n => [new HistoryPoint("guest/100", Cpu: n / 6 % 2 == 0 ? 0.2 : 0.4, Memory: 1 + n / 8640), new HistoryPoint("storage/local", Disk: n < 8640 ? 5 : null)]);

        var hours = await ReadAsync("guest/100", TimeSpan.FromHours(2));
        var days = await ReadAsync("guest/100", TimeSpan.FromDays(2));
        var all = await ReadAsync("guest/100", TimeSpan.FromDays(3));
        var disk = (await ReadAsync("storage/local", TimeSpan.FromDays(3))).Values[Metric.Disk];

        Assert.Equal((10, 720), (hours.Step.TotalSeconds, hours.Times.Count));
        Assert.Equal((60, 2880), (days.Step.TotalSeconds, days.Times.Count));
        Assert.Equal((900, 288), (all.Step.TotalSeconds, all.Times.Count));
        Assert.All(days.Values[Metric.Cpu].Index(), p => Assert.Equal(p.Index % 2 == 0 ? 0.2 : 0.4, p.Item!.Value, 0.0005));
        Assert.All(all.Values[Metric.Cpu], v => Assert.Equal(0.3, v!.Value, 0.02));
        Assert.Equal([1, 2, 3], Rounded(all.Values[Metric.Memory]).Distinct());
        Assert.Equal((96, 192), (disk.Count(v => v is not null), disk.Count(v => v is null)));
        Assert.InRange(Count("level = 0"), 120, 190);
        Assert.InRange(Count("level = 1"), 48, 74);
        Assert.InRange(Count("level = 2"), 2, 4);
    }

    [Fact]
    public async Task Few_points_are_means_of_many()
    {
        await OpenAsync();
        await TicksAsync(720, n => [Point("node/a", n < 360 ? 10 : 30)]);

        var series = await _history!.ReadAsync("lab", "node/a", [Metric.Memory], Noon, Noon.AddHours(2), 4, Stop);

        Assert.Equal([10, 10, 30, 30], Rounded(series.Values[Metric.Memory]));
        Assert.Equal(TimeSpan.FromMinutes(30), series.Step);
    }

    [Fact]
    public async Task What_was_missed_while_the_server_was_away_is_a_gap_and_the_rest_is_rolled_up()
    {
        await OpenAsync();
        await TicksAsync(360, n => [Point("node/a", 10)]);
        await CloseAsync();
        _time.Advance(TimeSpan.FromHours(30));
        await OpenAsync();
        await TicksAsync(360, n => [Point("node/a", 20)]);

        var values = Rounded((await ReadAsync("node/a", TimeSpan.FromHours(32))).Values[Metric.Memory]).ToList();

        Assert.Equal((60, 60, 1800), (values.Count(v => v == 10), values.Count(v => v == 20), values.Count(v => v is null)));
    }

    [Fact]
    public async Task A_series_tells_from_when_on_something_is_known()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromMinutes(30));
        await TicksAsync(12, n => [Point("node/a", n)]);

        Assert.Equal(Noon.AddMinutes(30).AddSeconds(5), (await ReadAsync("node/a", TimeSpan.FromHours(1))).KnownFrom);
        Assert.Null((await ReadAsync("node/b", TimeSpan.FromHours(1))).KnownFrom);
    }

    [Theory]
    [InlineData(-700_000)]
    [InlineData(3)]
    public async Task A_tick_from_another_time_is_dropped(int days)
    {
        await OpenAsync();
        _history!.Record(new("lab", Noon.AddDays(days), [Point("node/a", 1)]));
        await _history.WrittenAsync(Stop);
        Assert.Equal((1, 0), (_history.Health.LostBlocks, _history.Health.Targets));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_told_and_ticks_are_dropped()
    {
        await File.WriteAllTextAsync(_folder.File("history.db"), new string('x', 5000), Stop);
        await OpenAsync();
        await TicksAsync(20, n => [Point("node/a", n)]);

        Assert.False(_history!.Health.Available);
        Assert.NotNull(_history.Health.Trouble);
        Assert.Equal(20, _history.Health.LostBlocks);
        await Assert.ThrowsAsync<HistoryUnavailableException>(() => ReadAsync("node/a", TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task What_was_forgotten_is_read_no_more_even_while_the_file_cannot_be_written()
    {
        await OpenAsync();
        await TicksAsync(60, n => [Point("node/a", n)]);
        using (var other = new SqliteConnection($"Data Source={_folder.File("history.db")};Pooling=False"))
        {
            other.Open();
            using var writing = other.BeginTransaction(deferred: false);
            _history!.Forget("lab");
            Assert.Null((await ReadAsync("node/a", TimeSpan.FromMinutes(10))).KnownFrom);
            _history.Record(new("lab", _time.GetUtcNow(), [Point("node/a", 7)]));
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal([7d], Rounded((await ReadAsync("node/a", TimeSpan.FromMinutes(10))).Values[Metric.Memory]).Where(v => v is not null));
            Assert.True(Count("1 = 1") > 0);
        }

        _time.Advance(TimeSpan.FromSeconds(31));
        await _history.WrittenAsync(Stop);
        Assert.Equal(0, Count("1 = 1"));
        Assert.Equal([7d], Rounded((await ReadAsync("node/a", TimeSpan.FromMinutes(10))).Values[Metric.Memory]).Where(v => v is not null));
    }

    [Fact]
    public async Task A_cluster_that_nothing_is_told_of_any_more_leaves_nothing_after_its_time()
    {
        await OpenAsync();
        await TicksAsync(2 * 8640, n => [Point("node/a", n)]);
        await CloseAsync();
        _time.Advance(TimeSpan.FromDays(85));
        await OpenAsync();
        Assert.True(Count("1 = 1") > 0);
        await CloseAsync();
        _time.Advance(TimeSpan.FromDays(7));
        await OpenAsync();
        Assert.Equal(0, Count("1 = 1"));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private static HistoryPoint Point(string target, double memory) => new(target, Memory: memory);

    private static IEnumerable<double?> Rounded(IEnumerable<double?> values) => values.Select(v => v is null ? v : Math.Round(v.Value));

    private async Task OpenAsync()
    {
        await CloseAsync();
        _history = new MetricHistory(new DataFolder(_folder.Path), _time, NullLogger<MetricHistory>.Instance);
        await _history.StartAsync(Stop);
        await _history.WrittenAsync(Stop);
    }

    private async Task CloseAsync()
    {
        if (_history is null) return;
        await _history.StopAsync(Stop);
        _history.Dispose();
        _history = null;
    }

    private async Task TicksAsync(int count, Func<int, HistoryPoint[]> points)
    {
        for (var n = 0; n < count; n++)
        {
            _history!.Record(new("lab", _time.GetUtcNow(), points(n)));
            _time.Advance(TimeSpan.FromSeconds(10));
            if (n % 6 == 0) await _history.WrittenAsync(Stop);
        }
        await _history!.WrittenAsync(Stop);
    }

    private Task<HistorySeries> ReadAsync(string target, TimeSpan back, string cluster = "lab")
    {
        var to = _time.GetUtcNow();
        return _history!.ReadAsync(cluster, target, Enum.GetValues<Metric>(), to - back, to, 10_000, Stop);
    }

    private long Count(string where)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("history.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM chunks WHERE " + where;
        return (long)command.ExecuteScalar()!;
    }
}
