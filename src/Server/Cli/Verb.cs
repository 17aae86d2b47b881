using System.Collections.Frozen;

namespace Jarvis.Server.Cli;

/// <summary>One thing that the program does, and the words it takes.</summary>
/// <param name="Name">As typed; two words for a family.</param>
/// <param name="Usage">What follows the name.</param>
/// <param name="Meaning">A line.</param>
/// <param name="Flags">Those with a value end in <c>=</c>; each with what it means.</param>
/// <param name="Positions">How many words stand alone.</param>
/// <param name="Run">Gives the exit code.</param>
internal sealed record Verb(
    string Name, string Usage, string Meaning, IReadOnlyList<(string Flag, string Meaning)> Flags, int Positions, Func<Given, CancellationToken, Task<int>> Run)
{
    public string Help =>
        $"Usage: jarvis {Name}{Usage}\n\n{Meaning}\n\n" + string.Concat(
            Flags.Append(("--Key=VALUE", "a setting, as docs/configuration.md lists them")).Append(("-h, --help", "this text"))
                .Select(f => $"  {f.Item1.TrimEnd('='),-30} {f.Item2}\n"));
}

/// <summary>What stood on the command line.</summary>
/// <param name="Words">Those that stand alone.</param>
/// <param name="Flags">Each once, with its value or an empty one.</param>
/// <param name="Settings">For the configuration, as <c>--Server:Port=5080</c>.</param>
/// <param name="Console">Where to read and write.</param>
internal sealed record Given(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Flags, string[] Settings, Terminal Console);

/// <summary>Where a verb reads and writes.</summary>
/// <param name="Input">Gives null when a person sits at a keyboard.</param>
/// <param name="Output">Answers.</param>
/// <param name="Error">Refusals.</param>
internal sealed record Terminal(Func<TextReader?> Input, TextWriter Output, TextWriter Error);

/// <summary>Reads a command line; what is not known is refused, with what is.</summary>
internal static class CommandLine
{
    // Flags that are short for a setting, wherever settings are taken.
    private static readonly FrozenDictionary<string, string> Short = new Dictionary<string, string>
    {
        ["--port"] = "Server:Port", ["--data"] = "Data:Folder", ["--web"] = "Web:Root", ["--environment"] = "environment",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was given to a verb, or a line that says why it is refused.</summary>
    public static (Given? Given, string? Refusal) Read(Verb verb, IReadOnlyList<string> args, Terminal terminal)
    {
        var words = new List<string>();
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            var isSetting = name.Contains(':', StringComparison.Ordinal) && (name.StartsWith("--", StringComparison.Ordinal) || value is not null);
            if (!isSetting && !name.StartsWith('-'))
            {
                words.Add(args[i]);
                continue;
            }

            var takesValue = isSetting || Short.ContainsKey(name) || verb.Flags.Any(f => f.Flag == name + "=");
            if (!takesValue && verb.Flags.All(f => f.Flag != name)) return (null, $"{name} is not known to 'jarvis {verb.Name}'.");
            if (!takesValue && value is not null) return (null, $"{name} takes no value.");
            if (takesValue && value is null && (++i >= args.Count || (value = args[i]).StartsWith("--", StringComparison.Ordinal))) return (null, $"{name} needs a value.");
            if (isSetting || Short.ContainsKey(name)) settings.Add($"--{Short.GetValueOrDefault(name, name.TrimStart('-', '/'))}={value}");
            else if (!flags.TryAdd(name, value ?? "")) return (null, $"{name} stands twice.");
        }

        if (words.Count > verb.Positions) return (null, $"'{words[verb.Positions]}' is too much.");
        if (words.Count < verb.Positions) return (null, $"{verb.Usage.Trim().Split(' ')[words.Count]} is missing.");
        return (new(words, flags, [.. settings], terminal), null);
    }

    private static (string Name, string? Value) Split(string arg) =>
        arg.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && (arg[0] is '-' or '/' || arg[..at].Contains(':', StringComparison.Ordinal)) ? (arg[..at], arg[(at + 1)..]) : (arg, null);
}
