using System.Text;
using Jarvis.Server.Auth;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cli;

/// <summary>For whoever has lost the password but not the machine.</summary>
internal static class ResetPassword
{
    public static async Task<int> RunAsync(Given given, CancellationToken cancellationToken)
    {
        var configuration = Settings.Of(given);
        var data = Settings.Data(configuration);
        var admin = configuration["Auth:AdminUser"] ?? "admin";
        var user = Account.Normalise(given.Flags.GetValueOrDefault("--user", admin));
        try
        {
            if (!File.Exists(data.File("jarvis.db"))) return await FailAsync($"there is no jarvis.db in {data.Path}; --data DIR names the data folder.");
            var password = await ReadAsync(given, cancellationToken);
            if (password is null) return await FailAsync("the two passwords differ; nothing was changed.");
            if (password.Length is < AdminPassword.Shortest or > LoginRequest.LongestPassword)
                return await FailAsync($"the password has {password.Length} characters; {AdminPassword.Shortest} to {LoginRequest.LongestPassword} are needed.");
            if (!PasswordReset.Apply(data, user, password, TimeProvider.System))
                return await FailAsync($"there is no account '{user}'. The set-up link that the server prints at start makes the first one.");
            await given.Console.Output.WriteLineAsync($"The password of {user} is set, and its sessions are ended.");
            if (user == admin) await FollowFileAsync(configuration, data, password);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            return await FailAsync(e.Message);
        }

        async Task<int> FailAsync(string why)
        {
            await given.Console.Error.WriteLineAsync($"jarvis: {why}");
            return Verbs.Failed;
        }

        // For the emergency sign-in, which knows the file alone; a start lets a file that was followed before be.
        async Task FollowFileAsync(IConfiguration configuration, DataFolder data, string password)
        {
            var named = configuration["JARVIS_ADMIN_PASSWORD_FILE"] is { Length: > 0 } variable ? variable : configuration["Auth:AdminPasswordFile"];
            foreach (var file in new[] { data.File("admin-password"), named }.OfType<string>().Where(File.Exists).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
            {
                try
                {
                    ReplaceFirstLine(file, password);
                    await given.Console.Output.WriteLineAsync($"{file} says the same.");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    await given.Console.Error.WriteLineAsync(
                        $"jarvis: the password is set, but {file} could not be brought up to date: {e.Message} The next start does not bring the old one back; write the new one there for the emergency sign-in.");
                }
            }
        }
    }

    private static void ReplaceFirstLine(string named, string password)
    {
        var file = File.ResolveLinkTarget(named, returnFinalTarget: true)?.FullName ?? named;
        // Who may not write the file may yet be able to put another in its place; the owner meant it.
        using (new FileStream(file, FileMode.Open, FileAccess.Write))
        {
        }

        var draft = $"{file}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = File.GetUnixFileMode(file);
        try
        {
            using (var writer = new StreamWriter(draft, options))
            {
                writer.Write(password + "\n");
                foreach (var line in File.ReadLines(file).Skip(1)) writer.Write(line + "\n");
            }

            File.Move(draft, file, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static async Task<string?> ReadAsync(Given given, CancellationToken cancellationToken)
    {
        if (given.Flags.TryGetValue("--password-file", out var file))
        {
            using var reader = new StreamReader(file);
            return (await reader.ReadLineAsync(cancellationToken))?.TrimEnd() ?? "";
        }

        if (given.Console.Input() is { } input) return (await input.ReadLineAsync(cancellationToken))?.TrimEnd() ?? "";
        var first = Type(given.Console, "New password: ");
        return first == Type(given.Console, "Once more: ") ? first : null;
    }

    private static string Type(Terminal terminal, string prompt)
    {
        terminal.Output.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        terminal.Output.WriteLine();
        return typed.ToString();
    }
}
