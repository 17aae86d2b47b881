using System.Globalization;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cli;

/// <summary>What lies in the data folder.</summary>
internal static class FileChecks
{
    private const long LittleBytes = 1L << 30;
    private const long TooLittleBytes = 100L << 20;
    private const UnixFileMode Others = (UnixFileMode)0b111_111;
    private static readonly TimeSpan ChainLimit = TimeSpan.FromSeconds(30);

    public static IEnumerable<Finding> Folder(DataFolder data)
    {
        if (!Directory.Exists(data.Path))
        {
            yield return new(Grade.Warn, $"Data folder: {data.Path} is not there yet", "the first start makes it; if there was one, name it with --data DIR");
            yield break;
        }

        yield return Writable(data);
        if (!OperatingSystem.IsWindows()) yield return Permissions(data);
        var free = new DriveInfo(data.Path).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"Disk: {free / (1 << 20):N0} MiB free for {data.Path}");
        yield return free >= LittleBytes ? new(Grade.Ok, text)
            : new(free < TooLittleBytes ? Grade.Fail : Grade.Warn, text, "make room, or shorten Events:KeepDays");
    }

    public static IEnumerable<Finding> Databases(DataFolder data, IReadOnlyList<Schema> known)
    {
        if (!Directory.Exists(data.Path)) yield break;
        var versions = known.ToDictionary(s => s.Owner, s => s.Steps.Count, StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(data.Path, "*.db").Order(StringComparer.Ordinal)) yield return Database(file, versions);
    }

    public static Finding Chain(DataFolder data, CancellationToken cancellationToken)
    {
        if (!File.Exists(data.File("events.db"))) return new(Grade.Ok, "Events: none yet");
        using var limit = new CancellationTokenSource(ChainLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var result = EventCheck.Verify(data, either.Token);
            return result.Ok ? new(Grade.Ok, string.Create(CultureInfo.InvariantCulture, $"Events: {result.Rows:N0} are as they were written"))
                : new(Grade.Fail, $"Events: the chain is broken at {result.BrokenAt}: {result.Why}", "somebody, or a fault, changed the file; a backup from before shows what was there");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Grade.Warn, $"Events: so many that the chain was not verified within {ChainLimit.TotalSeconds} s", "GET /api/events/verify of the running server walks all of it");
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new(Grade.Fail, $"Events: {e.Message}", "restore events.db and events.key from a backup");
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static Finding Permissions(DataFolder data)
    {
        var open = Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories).Where(IsSecret).Prepend(data.Path).Where(f => (File.GetUnixFileMode(f) & Others) != 0).ToList();
        return open.Count == 0 ? new(Grade.Ok, "Permissions: for the owner alone")
            : new(Grade.Warn, $"Permissions: others may open {string.Join(", ", open.Take(5))}{(open.Count > 5 ? " …" : "")}", $"chmod -R go= {data.Path}");
    }

    private static Finding Writable(DataFolder data)
    {
        var probe = data.File($"doctor-{Guid.NewGuid():N}.new");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new(Grade.Ok, $"Data folder: {data.Path} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Grade.Fail, $"Data folder: {data.Path} cannot be written: {e.Message}", $"give it to the user that the server runs as: chown -R USER {data.Path}");
        }
    }

    private static Finding Database(string file, Dictionary<string, int> known)
    {
        var name = Path.GetFileName(file);
        if (DatabaseCopy.Damage(file) is { } damage)
            return new(Grade.Fail, $"Database {name}: {damage}", "stop the server and restore a backup: jarvis restore FILE --replace");
        var held = DatabaseCopy.Versions(file);
        var newer = held.FirstOrDefault(v => v.Value > known.GetValueOrDefault(v.Key, int.MaxValue));
        if (newer.Key is not null)
            return new(Grade.Fail, $"Database {name}: the tables of '{newer.Key}' have version {newer.Value}, and this program knows up to {known[newer.Key]}", "install the newer version again, or restore a backup");
        return new(Grade.Ok, $"Database {name}: whole, {(held.Count == 0 ? "no tables" : string.Join(", ", held.Select(v => $"{v.Key} {v.Value}")))}");
    }

    private static bool IsSecret(string file) => Path.GetExtension(file) is ".key" or ".db" || file.Contains("token", StringComparison.OrdinalIgnoreCase);
}
