using Jarvis.Server.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Sets a password from outside the server, which may be running or not.</summary>
internal static class PasswordReset
{
    /// <summary>Names, one a line, of accounts whose sessions a running server is to end.</summary>
    public const string File = "end-sessions";

    /// <returns>False when there is no such account; nothing is changed then.</returns>
    /// <exception cref="SqliteException">The database cannot be used.</exception>
    public static bool Apply(DataFolder folder, string user, string password, TimeProvider time)
    {
        var hasher = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = AuthSetup.PasswordIterations }));
        var now = time.GetUtcNow();
        var account = new Account { Name = user, Role = Role.Viewer, PasswordHash = "", CreatedAt = now, PasswordAt = now };
        using var occupied = OccupyIfFree(folder);
        if (!System.IO.File.Exists(folder.File("jarvis.db"))) return false;
        // No schema is named: a server of another version may be running on these tables.
        using var connection = new SqliteFile(folder.File("jarvis.db"), time).OpenWriter(cacheKiB: 512);
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE accounts SET password_hash = $hash, password_at = $at WHERE name = $name";
        command.Parameters.AddWithValue("$hash", hasher.HashPassword(account, password));
        command.Parameters.AddWithValue("$at", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$name", user);
        if (command.ExecuteNonQuery() == 0) return false;
        command.CommandText = "DELETE FROM sessions WHERE user = $name";
        command.ExecuteNonQuery();
        // A file that was followed holds the old password or, if the caller can change it, the new one: the next start is to know both.
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'password_file')";
        if (command.ExecuteScalar() is 1L)
        {
            command.CommandText = "INSERT INTO password_file SELECT $name, $hash WHERE EXISTS (SELECT 1 FROM password_file WHERE user = $name)";
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        if (occupied is null) TryTell(folder, user);
        return true;
    }

    private static IDisposable? OccupyIfFree(DataFolder folder)
    {
        try
        {
            return folder.Occupy();
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    // The word is for haste: a running server ends sessions whose rows are gone by itself, half a minute later.
    private static void TryTell(DataFolder folder, string user)
    {
        var file = folder.File(File);
        var draft = file + ".new";
        try
        {
            System.IO.File.WriteAllText(draft, (System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : "") + user + "\n");
            System.IO.File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

/// <summary>Ends the sessions of accounts whose password was set from outside.</summary>
internal sealed partial class PasswordResets(DataFolder folder, Sessions sessions, ILogger<PasswordResets> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the clock of the demo: whoever typed the command waits in real time.
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var file = folder.File(PasswordReset.File);
        if (!File.Exists(file)) return;
        try
        {
            var taken = file + ".taken";
            File.Move(file, taken, overwrite: true);
            foreach (var user in await File.ReadAllLinesAsync(taken, cancellationToken)) await sessions.EndAllOfAsync(user, "its password was reset");
            File.Delete(taken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A password was reset, but which one cannot be read: {Why}")]
    private partial void LogNotRead(string why);
}
