using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jarvis.Safety;

namespace Jarvis.Architecture;

/// <summary>The adversarial cases of the gate by their ids. Each has a test with its id in its name, over every channel where
/// that is how it comes; or waits, with a reason, for what it is about.</summary>
public sealed partial class SafetyCaseTests
{
    private const string Harness = "tests/Server.Tests/Gate/SafetyCases";

    private sealed record Case(string Id, string Place, string What, string Reason);

    private static IReadOnlyList<Case> Cases { get; } =
        [.. from line in Repository.Lines("tests/Architecture/safety-cases.tsv").Skip(1) let cells = line.Split('\t') select new Case(cells[0], cells[1], cells[2], cells[3])];

    [Fact]
    public void Every_id_stands_once_and_each_case_waits_with_a_reason_or_not_at_all()
    {
        Assert.Equal(Cases.Select(c => c.Id).Order(StringComparer.Ordinal).Distinct(), Cases.Select(c => c.Id));
        Assert.Equal(98, Cases.Count);
        Assert.All(Cases, c => Assert.Contains(c.Place, (string[])["channels", "kernel", .. Awaited.Keys]));
        Assert.All(Cases, c => Assert.Equal(c.Place == "channels", c.Reason == "-"));
    }

    [Fact]
    public void Every_case_has_a_test_with_its_id_in_its_name()
    {
        var (channels, anywhere) = (Named(Harness), Named("tests"));
        Expect.None(from c in Cases
                    where c.Place == "channels" && !channels.Contains(c.Id) || c.Place == "kernel" && !anywhere.Contains(c.Id)
                    select $"{c.Id} ({c.What}) has no test in {(c.Place == "channels" ? Harness : "tests")}");
        Expect.None(from id in anywhere where Cases.All(c => c.Id != id) select $"{id} is no case of tests/Architecture/safety-cases.tsv");
    }

    /// <summary>What a case waits for, and whether it is there.</summary>
    private static readonly Dictionary<string, Func<ToolCatalogue, IEnumerable<string>, bool>> Awaited = new()
    {
        ["a command line"] = (tools, _) => Takes(tools, "command"),
        ["a path"] = (tools, _) => Takes(tools, "path"),
        ["a URL"] = (tools, _) => Takes(tools, "url"),
        ["SSH"] = (_, features) => features.Contains("Ssh"),
        ["the agent"] = (_, features) => features.Contains("Agent"),
        ["memory"] = (_, features) => features.Contains("Memory"),
        ["runbooks"] = (_, features) => features.Contains("Monitoring"),
    };

    [Fact]
    public void No_case_waits_for_what_is_there()
    {
        var features = Assemblies.Types.Select(t => (t.Namespace ?? "").Split('.')).Where(n => n is ["Jarvis", "Server", _, ..]).Select(n => n[2]).ToHashSet();
        var tools = ToolCatalogue.Of(Assemblies.Server.GetTypes().Where(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance).Any(m => m.IsDefined(typeof(ToolAttribute)))).Select(RuntimeHelpers.GetUninitializedObject));
        Expect.None(from c in Cases where Awaited.TryGetValue(c.Place, out var there) && there(tools, features) select $"{c.Id} ({c.What}) needs its test now: there is {c.Place}");
    }

    [Fact]
    public void A_tool_of_a_kind_that_cases_wait_for_is_noticed()
    {
        var tools = ToolCatalogue.Of(new Newcomer());
        Assert.Equal(["a command line", "a path", "a URL"], Awaited.Where(a => a.Value(tools, [])).Select(a => a.Key));
        Assert.Equal(["SSH", "the agent", "memory", "runbooks"], Awaited.Where(a => a.Value(ToolCatalogue.Of(), ["Ssh", "Agent", "Memory", "Monitoring"])).Select(a => a.Key));
    }

    private static bool Takes(ToolCatalogue tools, string what) =>
        tools.Tools.Any(t => t.Tier != Tier.Black && t.Schema.GetProperty("properties").EnumerateObject().Any(p => p.Name.Split('_').Any(part => part == what || part == what + "s")));

    private static HashSet<string> Named(string folder) =>
        [.. from file in Repository.CSharp(folder) from method in TestName().Matches(Repository.Text(file)) from id in Id().Matches(method.Value) select id.Value];

    [GeneratedRegex(@"(?<= Task | void )(?:[A-J]\d\d_)+(?=\w+\()")]
    private static partial Regex TestName();

    [GeneratedRegex(@"[A-J]\d\d")]
    private static partial Regex Id();

    private sealed class Newcomer
    {
        public string Fetched { get; private set; } = "";

        [Tool(Tier.Yellow, Outside = true), ClusterWide, Description("Runs a command and keeps what a page says.")]
        public string Fetch(string command, string targetPath, string url) => Fetched = command + targetPath + url;
    }
}
