using System.Text.RegularExpressions;
using Jarvis.Server.Cli;

namespace Jarvis.Architecture;

/// <summary>What the documents say is there, is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Scripts = ["run.sh", "test.sh", "bench/run.sh"];

    private static IReadOnlyList<string> Documents =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Select(Repository.Relative).Order(StringComparer.Ordinal),
        .. Repository.Files("docs", ".md"),
    ];

    [Fact]
    public void Every_link_leads_somewhere() =>
        Expect.None(
            from document in Documents
            from Match link in Link.Matches(Repository.Text(document))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Leads(document, target)
            select $"{document}: {target}");

    [Fact]
    public void Every_path_in_code_marks_exists() =>
        Expect.None(
            from document in Documents
            where document != "CHANGELOG.md"
            from Match path in PathInMarks.Matches(Repository.Text(document))
            let target = path.Groups["path"].Value
            where !Path.Exists(Repository.Full(target))
            select $"{document}: {target}");

    [Fact]
    public void Only_flags_that_a_script_takes_are_mentioned() =>
        Expect.None(
            from document in Documents
            from command in Commands(Repository.Text(document))
            from Match flag in Flag.Matches(command.Arguments)
            where !FlagsOf(command.Script).Contains(flag.Value)
            select $"{document}: {command.Script} has no {flag.Value}");

    [Fact]
    public void Every_flag_of_run_is_in_the_operators_guide()
    {
        var guide = Repository.Text("docs/operating.md");
        Assert.All(FlagsOf("run.sh"), flag => Assert.Contains($"`{flag}", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_line_that_runs_a_verb_is_one_that_the_program_takes() =>
        Expect.None(
            from document in Documents
            from Match command in JarvisLine.Matches(Repository.Text(document))
            let words = command.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(w => w != "#").ToArray()
            let verb = Verbs.All.FirstOrDefault(v => words.Take(v.Name.Split(' ').Length).SequenceEqual(v.Name.Split(' ')))
            let refusal = words is ["--help"] ? null : verb is null ? "no such verb"
                : CommandLine.Read(verb, words[verb.Name.Split(' ').Length..], new(() => null, TextWriter.Null, TextWriter.Null)).Refusal
            where refusal is not null
            select $"{document}: {command.Value}: {refusal}");

    [Fact]
    public void Every_verb_is_in_the_operators_guide()
    {
        var guide = Repository.Text("docs/operating.md");
        Assert.All(Verbs.All.Where(v => v.Name != "serve"), verb => Assert.Contains($"./jarvis {verb.Name}", guide, StringComparison.Ordinal));
        Assert.Contains("jarvis serve --listen", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_decision_is_listed_in_the_architecture()
    {
        var page = Repository.Text("ARCHITECTURE.md");
        Assert.All(Repository.Files("docs/decisions", ".md"), decision => Assert.Contains($"({decision})", page, StringComparison.Ordinal));
    }

    private static bool Leads(string document, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? Repository.Full(document) : Path.Combine(Path.GetDirectoryName(Repository.Full(document))!, parts[0]);
        return Path.Exists(file) && (parts.Length == 1 || Anchors(file).Contains(parts[1]));
    }

    private static IEnumerable<string> Anchors(string file) =>
        from line in File.ReadLines(file)
        where line.StartsWith('#')
        select NotInAnchor.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<(string Script, string Arguments)> Commands(string text) =>
        from line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        from Match command in Command.Matches(line)
        select (command.Groups["script"].Value, command.Groups["arguments"].Value);

    private static HashSet<string> FlagsOf(string script) =>
    [
        .. from line in Repository.Lines(script)
           where CaseLabel.IsMatch(line)
           from Match flag in Flag.Matches(line[..line.IndexOf(')', StringComparison.Ordinal)])
           select flag.Value,
    ];

    [Fact]
    public void The_scripts_declare_flags() => Assert.All(Scripts, script => Assert.Contains("--help", FlagsOf(script)));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`(?<path>(src|tests|docs|web|bench|eng)/[A-Za-z0-9_./-]*[A-Za-z0-9_/])`")]
    private static partial Regex PathInMarks { get; }

    [GeneratedRegex(@"(?<![\w/])(\./)?(?<script>(bench/)?run\.sh|test\.sh)(?<arguments>( +[^ `|]+)*)")]
    private static partial Regex Command { get; }

    [GeneratedRegex(@"^(\./|ExecStart=/opt/jarvis/)jarvis (?<words>.+)$", RegexOptions.Multiline)]
    private static partial Regex JarvisLine { get; }

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex Flag { get; }

    [GeneratedRegex(@"^\s+(-\w \| )?--[a-z][^ ]*( \| -{1,2}[\w-]+)*\)")]
    private static partial Regex CaseLabel { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor { get; }
}
