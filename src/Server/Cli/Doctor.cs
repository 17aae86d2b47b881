using Jarvis.Server.Hosting;

namespace Jarvis.Server.Cli;

/// <summary>Looks at everything that the server needs, and says in a line each what it found and what to do.</summary>
internal static class Doctor
{
    public static async Task<int> RunAsync(Given given, CancellationToken cancellationToken)
    {
        var builder = HostingSetup.CreateBuilder(given.Settings);
        var said = new StringWriter();
        var usable = builder.TryConfigure(said);
        var findings = Configuration(usable, said.ToString()).ToList();
        if (usable)
        {
            var data = Settings.Data(builder.Configuration);
            var running = data.IsOccupied();
            findings.AddRange(FileChecks.Folder(data));
            findings.AddRange(FileChecks.Databases(data, Settings.Schemas(given)));
            findings.Add(FileChecks.Chain(data, cancellationToken));
            findings.AddRange(NetworkChecks.Listening(builder.Configuration, data, running));
            findings.AddRange(await ClusterChecks.RunAsync(builder.Configuration, data, cancellationToken));
        }

        foreach (var finding in findings)
        {
            await given.Console.Output.WriteLineAsync($"{finding.Grade switch { Grade.Ok => "OK  ", Grade.Warn => "WARN", _ => "FAIL" }}  {finding.Text}");
            if (finding.Cure is { } cure) await given.Console.Output.WriteLineAsync($"      → {cure}");
        }

        return findings.Any(f => f.Grade == Grade.Fail) ? Verbs.Failed : 0;
    }

    private static IEnumerable<Finding> Configuration(bool usable, string said)
    {
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("warning: ", StringComparison.Ordinal)) yield return new(Grade.Warn, $"Settings: {line["warning: ".Length..]}", "correct the name, or take it out");
            else if (line != "The configuration cannot be used:") yield return new(Grade.Fail, $"Settings: {line}", "docs/configuration.md lists what is legal");
        }

        if (usable) yield return new(Grade.Ok, "Settings: all can be used");
    }
}

internal enum Grade { Ok, Warn, Fail }

/// <param name="Grade">How bad it is.</param>
/// <param name="Text">What was looked at, and what was found.</param>
/// <param name="Cure">What to do about it.</param>
internal sealed record Finding(Grade Grade, string Text, string? Cure = null);
