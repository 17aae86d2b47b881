using Jarvis.Server.Agent;

namespace Jarvis.Server.Tests.Agent;

public sealed class RouterTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<Routable> All = [new("Claude", true, false), new("Qwen", true, true), new("Talker", false, true)];

    [Fact]
    public void At_least_95_in_100_go_to_whom_they_should()
    {
        var rows = Rows();
        var wrong = (from row in rows
                     let route = Router.Of(row[0], Lab.Clusters, row.Length > 2 && row[2] == "tools", null, All)
                     where (row[1] == "cluster") != route.Cluster
                     select $"{row[0]}: wanted {row[1]}; {string.Join(' ', route.Reasons)}").ToList();
        output.WriteLine($"{rows.Count - wrong.Count} of {rows.Count} routed right, {100.0 * (rows.Count - wrong.Count) / rows.Count:0.0} %\n{string.Join('\n', wrong)}");

        Assert.True(rows.Count >= 240);
        Assert.True(wrong.Count <= rows.Count / 20, string.Join('\n', wrong));
    }

    [Fact]
    public void What_is_about_the_cluster_never_goes_to_one_without_tools() =>
        Assert.All(Rows().Where(r => r[1] == "cluster"), row =>
        {
            var route = Router.Of(row[0], Lab.Clusters, row.Length > 2, null, All);
            if (route.Cluster) Assert.DoesNotContain("Talker", route.Preference);
        });

    [Fact]
    public void Talk_goes_first_to_what_costs_nothing_and_a_choice_wins()
    {
        Assert.Equal("Qwen", Router.Of("tell me a joke", Lab.Clusters, false, null, All).Preference[0]);
        Assert.Equal("Claude", Router.Of("why is nas slow?", Lab.Clusters, false, null, All).Preference[0]);
        Assert.Equal(["Claude", "Qwen", "Talker"], Router.Of("tell me a joke", Lab.Clusters, false, "Claude", All).Preference);
    }

    private static List<string[]> Rows()
    {
        using var stream = typeof(RouterTests).Assembly.GetManifestResourceStream("Jarvis.Server.Tests.Agent.routes.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\t').Split('\t'))];
    }
}
