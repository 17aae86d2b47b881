using System.Diagnostics;
using Jarvis.Server.Events;

namespace Jarvis.Server.Tests.Events;

public sealed class FailureTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_corrupt_file_makes_the_log_unavailable_and_its_removal_brings_it_back()
    {
        await using var fixture = LogFixture.Closed();
        var file = Path.Combine(fixture.Folder, "events.db");
        await File.WriteAllTextAsync(file, new string('x', 9000), Stop);
        await fixture.ReopenAsync();

        await RefusedAsync(fixture);
        await Assert.ThrowsAsync<EventLogUnavailableException>(() => fixture.Log.ReadAsync(new EventQuery(), Stop));
        await Assert.ThrowsAsync<EventLogUnavailableException>(() => fixture.Log.VerifyAsync(Stop));
        Assert.Equal(new string('x', 9000), await File.ReadAllTextAsync(file, Stop));

        File.Delete(file);
        await BackAsync(fixture);
        var back = (await fixture.Log.ReadAsync(new EventQuery { Type = "events.recovered" }, Stop)).Items.Single();
        Assert.Contains("lost", back.What.Summary, StringComparison.Ordinal);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
    }

    [Fact]
    public async Task A_file_put_in_the_place_of_another_is_read_and_not_the_old_one()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(9);
        await fixture.Log.ReadAsync(new EventQuery(), Stop);
        await fixture.CloseAsync();
        foreach (var file in Directory.GetFiles(fixture.Folder, "events.db*")) File.Delete(file);

        await fixture.ReopenAsync();
        await fixture.AppendAsync(1);

        Assert.Equal([1L], (await fixture.Log.ReadAsync(new EventQuery(), Stop)).Items.Select(row => row.Id));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_makes_the_log_unavailable()
    {
        await using var fixture = LogFixture.Closed();
        var file = Path.Combine(fixture.Folder, "taken");
        await File.WriteAllTextAsync(file, "", Stop);
        await fixture.ReopenAsync(folder: Path.Combine(file, "data"));
        await RefusedAsync(fixture);
    }

    [Fact]
    public async Task A_newer_file_is_left_alone()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(1);
        await fixture.CloseAsync();
        fixture.Scalar("UPDATE schema_versions SET version = 99");

        await fixture.ReopenAsync();

        await RefusedAsync(fixture);
        Assert.Contains("99", fixture.Log.Health.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_no_key_makes_the_log_unavailable_and_is_left_alone()
    {
        await using var fixture = LogFixture.Closed();
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, "events.key"), "short", Stop);
        await fixture.ReopenAsync();
        await RefusedAsync(fixture);
        Assert.Equal("short", await File.ReadAllTextAsync(Path.Combine(fixture.Folder, "events.key"), Stop));
    }

    [Fact]
    public async Task A_read_only_file_system_makes_the_log_unavailable_until_it_can_be_written()
    {
        await using var fixture = LogFixture.Closed();
        using var mount = Mount.Tmpfs(fixture.Folder, "8m");
        await fixture.ReopenAsync();
        await fixture.AppendAsync(5);
        await fixture.CloseAsync();
        mount.Remount("ro");
        await fixture.ReopenAsync();

        await RefusedAsync(fixture);

        mount.Remount("rw");
        await BackAsync(fixture);
        Assert.True((await fixture.Log.VerifyAsync(Stop)).Ok);
        await fixture.CloseAsync();
    }

    [Fact]
    public async Task A_disk_that_fills_up_does_not_kill_the_writer_and_nothing_acknowledged_is_lost()
    {
        await using var fixture = LogFixture.Closed();
        using var mount = Mount.Tmpfs(fixture.Folder, "16m");
        var ballast = Path.Combine(fixture.Folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[4 << 20], Stop);
        await fixture.ReopenAsync();
        var acknowledged = new List<long>();
        var full = await Assert.ThrowsAsync<EventLogUnavailableException>(async () =>
        {
            for (var i = 0; i < 100_000; i++) acknowledged.Add(await fixture.Log.AppendAsync(LogFixture.Some(new string('x', 400)), Stop));
        }).WaitAsync(Limit, Stop);
        Assert.Contains("full", full.Message, StringComparison.Ordinal);
        await RefusedAsync(fixture);

        File.Delete(ballast);
        await BackAsync(fixture);

        Assert.True(acknowledged.Count > 100);
        Assert.Equal(acknowledged[^1] + 1, (await fixture.Log.ReadAsync(new EventQuery { Type = "events.recovered" }, Stop)).Items[^1].Id);
        var result = await fixture.Log.VerifyAsync(Stop);
        Assert.True(result.Ok && result.Rows > acknowledged.Count);
        await fixture.CloseAsync();
    }

    [Fact]
    public async Task After_stopping_appends_are_refused()
    {
        await using var fixture = await LogFixture.OpenAsync();
        await fixture.AppendAsync(1);
        var log = fixture.Log;
        await log.StopAsync(Stop);
        await Assert.ThrowsAsync<EventLogUnavailableException>(async () => await log.AppendAsync(LogFixture.Some(), Stop));
        Assert.False(log.TryPost(LogFixture.Some()));
    }

    private static async Task RefusedAsync(LogFixture fixture)
    {
        await Assert.ThrowsAsync<EventLogUnavailableException>(() => fixture.Log.AppendAsync(LogFixture.Some(), Stop).AsTask().WaitAsync(Limit, Stop));
        var lost = fixture.Log.Health.Lost;
        Assert.False(fixture.Log.TryPost(LogFixture.Some()));
        Assert.Equal((false, lost + 1), (fixture.Log.Health.Available, fixture.Log.Health.Lost));
        Assert.False(string.IsNullOrEmpty(fixture.Log.Health.Trouble));
    }

    private static async Task BackAsync(LogFixture fixture)
    {
        var start = Stopwatch.GetTimestamp();
        while (!fixture.Log.Health.Available && Stopwatch.GetElapsedTime(start) < Limit)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        await fixture.AppendAsync(1);
        Assert.Null(fixture.Log.Health.Trouble);
    }
}

/// <summary>A small file system in memory; the test is skipped where mounting is not allowed.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _folder;

    private Mount(string folder) => _folder = folder;

    public static Mount Tmpfs(string folder, string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "none", folder),
            "Mounting a small file system needs root on Linux.");
        return new Mount(folder);
    }

    public void Remount(string mode) => Assert.True(Run("mount", "-o", $"remount,{mode}", _folder));

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        return process.WaitForExit(10_000) && process.ExitCode == 0;
    }
}
