using System.Text.RegularExpressions;

namespace Jarvis.Architecture;

/// <summary>The map of ARCHITECTURE.md, as tables the build can check.</summary>
public sealed partial class DependencyTests
{
    // feature => the features it may use; Hosting holds composition pieces and is open to all.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Hubs"] = ["Agent", "Auth", "Cluster", "Events"],
        ["Tools"] = ["Cluster", "Events"],
        ["Gate"] = ["Auth", "Cluster", "Events", "Persistence"],
        ["Mcp"] = ["Cluster", "Events"],
        ["Agent"] = ["Cluster", "Events", "Memory", "Persistence"],
        ["Cluster"] = ["Events", "Persistence"],
        ["Setup"] = ["Auth", "Cluster", "Events", "Gate", "Persistence"],
        ["Auth"] = ["Events", "Persistence"],
        ["Events"] = ["Persistence"],
        ["Persistence"] = [],
        ["Hosting"] = [],
        ["Cli"] = ["Auth", "Cluster", "Events", "Gate", "Persistence"],
    };

    // what comes from outside => the features that may see it
    private static readonly Dictionary<string, string[]> SeenOnlyBy = new()
    {
        ["Jarvis.Proxmox"] = ["Cluster", "Tools"],
        ["Jarvis.Safety"] = ["Agent", "Cli", "Gate", "Mcp", "Tools"],
        ["Jarvis.Simulator"] = ["Hosting"],
        ["Microsoft.AspNetCore.SignalR"] = ["Hubs"],
        ["MessagePack"] = ["Hubs"],
        ["ModelContextProtocol"] = ["Mcp"],
        ["Microsoft.Extensions.AI"] = ["Agent", "Mcp"],
        ["Microsoft.Data.Sqlite"] = ["Agent", "Auth", "Cli", "Cluster", "Events", "Persistence", "Setup"],
        ["Microsoft.EntityFrameworkCore"] = [],
    };

    // a vendor's client => the one type that may see it
    private static readonly Dictionary<string, string> SeenOnlyIn = new()
    {
        ["Anthropic"] = "Jarvis.Server.Agent.Providers.Claude",
        ["Microsoft.Extensions.AI.AnthropicClientExtensions"] = "Jarvis.Server.Agent.Providers.Claude",
        ["OpenAI"] = "Jarvis.Server.Agent.Providers.OpenAiCompatible",
        ["Microsoft.Extensions.AI.OpenAIClientExtensions"] = "Jarvis.Server.Agent.Providers.OpenAiCompatible",
        ["System.ClientModel"] = "Jarvis.Server.Agent.Providers.OpenAiCompatible",
    };

    private static readonly IReadOnlyList<Dependency> Dependencies = CodeGraph.Of(Assemblies.Server);

    [Fact]
    public void Every_folder_of_the_server_is_on_the_map() =>
        Expect.None(
            from folder in Directory.EnumerateDirectories(Repository.Full("src/Server")).Select(Path.GetFileName)
            where folder is not ("bin" or "obj" or "Properties" or "wwwroot") && !MayUse.ContainsKey(folder!)
            select $"src/Server/{folder} is not in DependencyTests.MayUse");

    [Fact]
    public void Features_use_only_what_the_map_allows() =>
        Expect.None(
            from dependency in Dependencies
            let user = Feature(dependency.User)
            let used = Feature(dependency.Used)
            where user is not null && used is not null && user != used && used != "Hosting"
            where !MayUse.GetValueOrDefault(user, []).Contains(used)
            select $"{dependency.User} -> {dependency.Used}");

    [Fact]
    public void What_comes_from_outside_is_seen_only_where_the_map_says() =>
        Expect.None(
            from dependency in Dependencies
            let user = Feature(dependency.User)
            where user is not null
            from rule in SeenOnlyBy
            where Within(dependency.Used, rule.Key) && !rule.Value.Contains(user)
            select $"{dependency.User} -> {dependency.Used}");

    [Fact]
    public void A_vendor_s_client_is_seen_in_one_file() =>
        Assert.All(SeenOnlyIn, rule => Assert.Equal([rule.Value], Dependencies.Where(d => Within(d.Used, rule.Key)).Select(d => d.User).Distinct()));

    [Fact]
    public void Only_the_demo_knows_the_simulator() =>
        Expect.None(
            from dependency in Dependencies
            where Within(dependency.Used, "Jarvis.Simulator")
            where !dependency.User.StartsWith("Jarvis.Server.Hosting.Demo", StringComparison.Ordinal)
            select $"{dependency.User} -> {dependency.Used}");

    [Theory]
    [InlineData("src/Proxmox/Proxmox.csproj")]
    [InlineData("src/Safety/Safety.csproj")]
    [InlineData("src/Simulator/Simulator.csproj")]
    public void A_kernel_assembly_references_none_of_ours(string project) =>
        Assert.DoesNotMatch(ProjectReference, Repository.Text(project));

    [Fact]
    public void A_namespace_is_its_folder() =>
        Expect.None(
            from file in Repository.CSharp("src", "tests", "bench")
            let declared = Repository.Lines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null
            let folders = Path.GetDirectoryName(file)!.Split('/')
            let expected = $"namespace Jarvis.{string.Join('.', folders.Skip(folders[0] == "bench" ? 0 : 1)).Replace("bench", "Bench", StringComparison.Ordinal)};"
            where declared != expected
            select $"{file}: {declared} should be {expected}");

    [Theory]
    [InlineData(typeof(Uri))]
    [InlineData(typeof(Version))]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(ObsoleteAttribute))]
    [InlineData(typeof(TimeZoneInfo))]
    public void The_graph_sees_lambdas_async_methods_iterators_and_attributes(Type used) =>
        Assert.Contains(new Dependency(typeof(CodeGraphProbe).FullName!, used.FullName!), CodeGraph.Of(typeof(CodeGraphProbe).Assembly));

    private static string? Feature(string type)
    {
        const string root = "Jarvis.Server.";
        return type.StartsWith(root, StringComparison.Ordinal) && type.IndexOf('.', root.Length) is var dot and > 0 ? type[root.Length..dot] : null;
    }

    private static bool Within(string type, string space) =>
        type.StartsWith(space, StringComparison.Ordinal) && (type.Length == space.Length || type[space.Length] == '.');

    [GeneratedRegex("<ProjectReference")]
    private static partial Regex ProjectReference { get; }
}
