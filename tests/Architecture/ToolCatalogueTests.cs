using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Jarvis.Safety;

namespace Jarvis.Architecture;

/// <summary>The tools as people review them: what each may do, and what it takes.</summary>
public sealed class ToolCatalogueTests
{
    [Fact]
    public void The_catalogue_is_the_one_that_was_reviewed() => Golden.Matches("tools.golden.txt", Page(Catalogue()));

    [Fact]
    public void The_page_for_people_lists_every_tool() => Golden.Matches("../../docs/tools.md", ToolsPage.Of(Catalogue()));

    [Fact]
    public void A_tool_cannot_be_declared_without_a_tier() =>
        Assert.Equal([typeof(Tier)], Assert.Single(typeof(ToolAttribute).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)).GetParameters().Select(p => p.ParameterType));

    [Fact]
    public void What_interrupts_or_changes_says_first_what_it_will_do() =>
        Expect.None(from tool in Catalogue().Tools where tool.Tier is > Tier.Green and < Tier.Black && !tool.HasPlan select $"{tool.Name} has no plan");

    /// <summary>Of declarations alone: nothing here can run.</summary>
    private static ToolCatalogue Catalogue() => ToolCatalogue.Of(
        from type in Assemblies.Server.GetTypes()
        where type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Any(m => m.IsDefined(typeof(ToolAttribute)))
        orderby type.FullName
        select RuntimeHelpers.GetUninitializedObject(type));

    private static string Page(ToolCatalogue catalogue)
    {
        var page = new StringBuilder();
        foreach (var tool in catalogue.Tools)
        {
            string[] marks = [.. new[] { (tool.Outside, "outside"), (tool.Sends, "sends"), (tool.SnapshotFirst, "snapshot first"), (tool.CanBeRaised, "raised"), (tool.HasPlan, "plan"), (tool.Unrecorded, "unrecorded") }.Where(m => m.Item1).Select(m => m.Item2)];
            page.Append(CultureInfo.InvariantCulture, $"{tool.Name} {tool.Tier}{string.Concat(marks.Select(m => $" · {m}"))} · {tool.Timeout.TotalSeconds} s\n  {tool.Description}\n  {tool.Schema.GetRawText()}\n");
        }

        return page.ToString();
    }
}
