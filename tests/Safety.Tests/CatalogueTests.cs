using System.ComponentModel;
using System.Text.Json;

namespace Jarvis.Safety.Tests;

/// <summary>What is declared wrongly does not start.</summary>
public sealed class CatalogueTests
{
    private class Declared
    {
        private int _runs;
        protected string Ran() => $"{++_runs}";
    }

    private sealed class Good : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("Looks.")]
        public string Look() => Ran();
    }

    private sealed class Graver : Declared
    {
        [Tool(Tier.Yellow, Outside = false), Description("Looks."), ClusterWide]
        public string Look() => Ran();
    }

    private sealed class Twice : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("Looks as well.")]
        public Task<string> LookAsync() => Task.FromResult(Ran());
    }

    private sealed class NoTier : Declared
    {
        [Tool((Tier)9, Outside = false), Description("x"), ClusterWide]
        public string Act() => Ran();
    }

    private sealed class NoDescription : Declared
    {
        [Tool(Tier.Green, Outside = false)]
        public string Act() => Ran();
    }

    private sealed class NoWordOnTaint : Declared
    {
        [Tool(Tier.Green), Description("x")]
        public string Act() => Ran();
    }

    private sealed class NoTarget : Declared
    {
        [Tool(Tier.Yellow, Outside = false), Description("x")]
        public string Act(string what) => Ran() + what;
    }

    private sealed class WrongTarget : Declared
    {
        [Tool(Tier.Red, Outside = false), Description("x")]
        public string Act([Target(Kind.Guest)] string guest) => Ran() + guest;
    }

    private sealed class NoPlan : Declared
    {
        [Tool(Tier.Red, Outside = false, Plan = "Missing"), Description("x"), ClusterWide]
        public string Act() => Ran();
    }

    private sealed class WrongPlan : Declared
    {
        [Tool(Tier.Red, Outside = false, Plan = nameof(Preview)), Description("x"), ClusterWide]
        public string Act(string what) => Ran() + what;

        public string Preview(string what) => Ran() + what;
    }

    private sealed class PlanOfMore : Declared
    {
        [Tool(Tier.Red, Outside = false, Plan = nameof(Preview)), Description("x"), ClusterWide]
        public string Act(string what) => Ran() + what;

        public Plan Preview(string other) => new() { Summary = Ran() + other };
    }

    private sealed class WrongRaise : Declared
    {
        [Tool(Tier.Yellow, Outside = false, Raise = nameof(Higher)), Description("x"), ClusterWide]
        public string Act() => Ran();

        public Raised Higher() => new(Tier.Red, Ran());
    }

    private sealed class Unbindable : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Act(object anything, Dictionary<string, string> more, DateTime at) => $"{Ran()}{anything}{more}{at}";
    }

    private sealed class Hidden : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        internal string Act() => Ran();
    }

    private sealed class Endless : Declared
    {
        [Tool(Tier.Green, Outside = false, TimeoutSeconds = 0), Description("x")]
        public string Act() => Ran();
    }

    public static TheoryData<object, string> Wrong => new()
    {
        { new NoTier(), "NoTier.Act: it has no tier" },
        { new NoDescription(), "NoDescription.Act: it has no [Description]" },
        { new NoWordOnTaint(), "NoWordOnTaint.Act: say Outside = true when its result holds text from outside, or Outside = false" },
        { new NoTarget(), "NoTarget.Act: above Green it needs a [Target], or [ClusterWide]" },
        { new WrongTarget(), "WrongTarget.Act: guest cannot name a Guest" },
        { new NoPlan(), "NoPlan.Act: there is not exactly one method called Missing" },
        { new WrongPlan(), "WrongPlan.Act: Preview must give a Plan" },
        { new PlanOfMore(), "PlanOfMore.Act: Preview takes other, which the tool does not" },
        { new WrongRaise(), "WrongRaise.Act: Higher must be static" },
        { new Hidden(), "Hidden.Act: a tool is a public method of an object" },
        { new Endless(), "Endless.Act: its time-out must be 1 to 86400 seconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void B08_a_wrong_declaration_stops_the_start_and_is_named(object toolset, string problem) =>
        Assert.Equal([problem], Assert.Throws<ToolCatalogueException>(() => ToolCatalogue.Of(new Good(), toolset)).Problems);

    [Fact]
    public void B08_what_no_argument_can_be_is_named() =>
        Assert.Equal(3, Assert.Throws<ToolCatalogueException>(() => ToolCatalogue.Of(new Unbindable())).Problems.Count);

    [Fact]
    public void B07_a_name_is_declared_once() =>
        Assert.Equal(["look is declared 2 times"], Assert.Throws<ToolCatalogueException>(() => ToolCatalogue.Of(new Good(), new Twice())).Problems);

    [Fact]
    public void Every_tool_says_what_it_takes_and_takes_nothing_else()
    {
        var catalogue = ToolCatalogue.Of(new RigTools(new World()));
        Assert.All(catalogue.Tools, tool => Assert.False(tool.Schema.GetProperty("additionalProperties").GetBoolean()));
        using var expected = JsonDocument.Parse("""{"type":"object","properties":{"guest":{"description":"a guest's number, or its exact name","anyOf":[{"type":"integer","minimum":100,"maximum":999999999},{"type":"string","maxLength":253}]},"mode":{"type":"string","enum":["snapshot","suspend","stop"],"default":"snapshot"}},"required":["guest"],"additionalProperties":false}""");
        Assert.True(JsonElement.DeepEquals(expected.RootElement, catalogue.Find("backup_guest")!.Schema));
    }

    [Fact]
    public void A_tool_says_what_it_gives_unless_that_is_text()
    {
        var catalogue = ToolCatalogue.Of(new Giving());
        using var expected = JsonDocument.Parse("""{"type":"object","properties":{"name":{"type":"string"},"how":{"enum":["snapshot","suspend","stop"]},"left":{"type":["integer","null"]}},"required":["name","how","left"]}""");
        Assert.True(JsonElement.DeepEquals(expected.RootElement, catalogue.Find("look")!.ResultSchema!.Value), catalogue.Find("look")!.ResultSchema.ToString());
        Assert.Null(catalogue.Find("say")!.ResultSchema);
    }

    public sealed record Given(string Name, BackupMode How, int? Left);

    public sealed class Giving
    {
        [Tool(Tier.Green, Outside = false), Description("Looks.")]
        public ValueTask<Given> LookAsync() => ValueTask.FromResult(new Given(ToString()!, BackupMode.Stop, null));

        [Tool(Tier.Green, Outside = false), Description("Says.")]
        public Task<string> SayAsync() => Task.FromResult(ToString()!);
    }

    [Fact]
    public void The_version_of_the_policy_is_that_of_what_is_declared()
    {
        Assert.Equal(ToolCatalogue.Of(new RigTools(new World())).Version, ToolCatalogue.Of(new RigTools(new World())).Version);
        Assert.NotEqual(ToolCatalogue.Of(new Good()).Version, ToolCatalogue.Of(new Graver()).Version);
        Assert.NotEqual(ToolCatalogue.Of(new Good()).Version, ToolCatalogue.Of(new Good(), new RigTools(new World())).Version);
    }
}
