using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Events;

/// <summary>An event log in a folder of its own, which can be closed, tampered with and opened again.</summary>
internal sealed class LogFixture : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private EventLog? _log;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    public string Folder => _folder.Path;
    public EventLog Log => _log ?? throw new InvalidOperationException("Not open.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Happening Some(string summary = "It happened.", string type = "guest.stopped", Severity severity = Severity.Info, string? target = null) =>
        new() { Type = type, Severity = severity, Source = Source.Monitor, Summary = summary, Target = target, Cluster = "lab" };

    public static async Task<LogFixture> OpenAsync()
    {
        var fixture = new LogFixture();
        await fixture.ReopenAsync();
        return fixture;
    }

    public static LogFixture Closed() => new();

    public async Task ReopenAsync(int keepDays = 90, string? folder = null)
    {
        await CloseAsync();
        _log = new EventLog(new DataFolder(folder ?? Folder), new EventsOptions { KeepDays = keepDays }, new(Meters.New()), Time, NullLogger<EventLog>.Instance);
        await _log.StartAsync(Stop);
    }

    public async Task CloseAsync()
    {
        if (_log is null) return;
        await _log.StopAsync(Stop);
        _log.Dispose();
        _log = null;
    }

    public async Task AppendAsync(int count)
    {
        for (var i = 0; i < count; i++) await Log.AppendAsync(Some($"Event {i}"), Stop);
    }

    /// <summary>Changes the file behind the log's back, triggers put aside.</summary>
    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "events.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TRIGGER events_keep; DROP TRIGGER events_stay; DROP TRIGGER texts_keep; " + sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "events.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }
}
