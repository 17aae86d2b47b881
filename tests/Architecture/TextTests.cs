using System.Text.RegularExpressions;

namespace Jarvis.Architecture;

/// <summary>The house style as far as reading the text can see it.</summary>
public sealed partial class TextTests
{
    private const int LongestFile = 400;
    private const int LongestProgram = 99;
    private const double MostComments = 0.06;

    // a sub-folder of a feature holds a family of like things, or a store that would drown its feature (Cluster/History)
    private static readonly string[] Families = ["Runbooks", "Providers", "Migrations", "Wire", "History", "Steps", "Understanding"];

    public static TheoryData<string> Projects =>
        [.. Repository.Files(".", ".csproj").Select(p => Path.GetDirectoryName(p)!.Replace('\\', '/'))];

    [Fact]
    public void Files_are_short() =>
        Expect.None(
            from file in Repository.CSharp("src", "tests", "bench")
            let lines = Repository.Lines(file).Length
            where lines > LongestFile
            select $"{file} has {lines} lines");

    [Fact]
    public void The_program_only_composes() =>
        Assert.InRange(Repository.Lines("src/Server/Program.cs").Length, 1, LongestProgram);

    [Fact]
    public void A_feature_has_sub_folders_only_for_families() =>
        Expect.None(
            from file in Repository.Files("src/Server", ".cs")
            let folders = file.Split('/').Skip(3).SkipLast(1).ToList()
            where folders.Count > 1 || folders.Any(f => !Families.Contains(f))
            select file);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Comments_are_rare(string project)
    {
        var lines = Repository.CSharp(project).SelectMany(Repository.Lines).Where(line => line.Trim().Length > 0).ToList();
        Assert.InRange((double)lines.Count(IsComment) / Math.Max(1, lines.Count), 0, MostComments);
    }

    [Fact]
    public void The_tree_holds_no_plans() =>
        Expect.None(Mentions(Plan, "src", "tests", "web", "bench", "docs"));

    [Fact]
    public void Suppressions_stand_in_the_editorconfig_alone() =>
        Expect.None(Mentions(Suppression, "src", "tests", "bench"));

    [Fact]
    public void Null_is_never_talked_away() =>
        Expect.None(Mentions(ForgivenDefault, "src", "tests", "bench"));

    [Fact]
    public void Configuration_is_read_only_in_setups() =>
        Expect.None(
            from hit in Mentions(ReadsConfiguration, "src/Server")
            where !hit.Contains("Setup.cs:", StringComparison.Ordinal) && !hit.StartsWith("src/Server/Program.cs:", StringComparison.Ordinal)
            where !hit.StartsWith("src/Server/Cli/", StringComparison.Ordinal) && !hit.StartsWith("src/Server/Hosting/", StringComparison.Ordinal)
            select hit);

    [Theory]
    [InlineData("    // why", true)]
    [InlineData("    /// <summary>What.</summary>", false)]
    [InlineData("    var url = \"http://x\";", false)]
    [InlineData("    /* why */", true)]
    public void A_comment_is_known_by_its_start(string line, bool comment) => Assert.Equal(comment, IsComment(line));

    private static bool IsComment(string line) =>
        line.AsSpan().TrimStart() is var text && (text.StartsWith("//") && !text.StartsWith("///") || text.StartsWith("/*"));

    private static IEnumerable<string> Mentions(Regex pattern, params string[] folders) =>
        from folder in folders
        where Directory.Exists(Repository.Full(folder))
        from file in Repository.Files(folder, ".cs", ".ts", ".tsx", ".css", ".md", ".sh")
        where !file.StartsWith("tests/Architecture/TextTests.cs", StringComparison.Ordinal)
        from line in Repository.Lines(file).Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|\b[Ii]ssue #?\d|\b[Pp]hase \d|/work/")]
    private static partial Regex Plan { get; }

    [GeneratedRegex("#pragma warning disable|SuppressMessage")]
    private static partial Regex Suppression { get; }

    [GeneratedRegex("= (default|null)!;")]
    private static partial Regex ForgivenDefault { get; }

    [GeneratedRegex(@"\bIConfiguration\b|(?<!ClusterOrigin)\.Configuration\b|Environment\.GetEnvironmentVariable")]
    private static partial Regex ReadsConfiguration { get; }
}
