using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Jarvis.Safety.Arguments;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Safety.Tests;

/// <summary>What a signature makes legal, what it cannot say, and what of it an approval is bound to.</summary>
public sealed class DeclarationTests
{
    private abstract class Declared
    {
        private int _runs;
        protected string Ran(params object?[] given) => $"{++_runs}{string.Concat(given)}";
    }

    public sealed record Part(string Code);

    public readonly record struct Pair(int Left);

    public sealed class Odd(int left)
    {
        public override string ToString() => $"{left}";
    }

    private sealed class Takes : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Take([Range(-5, 5)] long wide = 0, string text = "", [MaxLength(2)] string word = "", NodeName? node = null, GuestRef? guest = null, [MaxLength(2)] PackageName[]? packages = null, BackupMode mode = BackupMode.Stop) =>
            Ran(wide, text, word, node, guest, packages, mode);

        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Nothing() => Ran();
    }

    private static object?[] Bind(string json, string tool = "take") => Binder.Bind(ToolCatalogue.Of(new Takes()).Find(tool)!.Fields, Encoding.UTF8.GetBytes(json));

    private static string Why(string json, string tool = "take") => Assert.Throws<MalformedException>(() => Bind(json, tool)).Message;

    [Fact]
    public void A_long_number_stays_long_and_zero_is_written_without_a_sign()
    {
        Assert.Equal(5L, Assert.IsType<long>(Bind("""{"wide":5}""")[0]));
        Assert.Equal(0L, Bind("""{"wide":0}""")[0]);
        Assert.Equal("wide must be a whole number from -5 to 5; it is another number.", Why("""{"wide":-0}"""));
    }

    [Theory]
    [InlineData("""{"text":null}""", "text must be text of at most 10000 characters; it is null.")]
    [InlineData("""{"wide":null}""", "wide must be a whole number from -5 to 5; it is null.")]
    [InlineData("""{"word":"123456789012"}""", "word must be text of at most 2 characters; it is 12 long.")]
    [InlineData("""{"word":"1234567890123"}""", "word must be text of at most 2 characters; it is longer.")]
    [InlineData("""{"packages":["nginx","curl","vim"]}""", "packages must be a list of at most 2, each a Debian package: lower-case letters, digits and + - ., 2 to 128 characters; it is longer.")]
    public void What_is_wrong_is_said_with_what_is_legal(string json, string why) => Assert.Equal(why, Why(json));

    [Fact]
    public void A_tool_that_takes_nothing_says_so() =>
        Assert.Equal("This tool takes nothing called x; legal is an empty object. Names are written exactly so.", Why("""{"x":1}""", "nothing"));

    [Fact]
    public void A_name_that_is_too_long_is_not_read_at_all()
    {
        Assert.EndsWith(".", Why($$"""{"node":"{{new string('n', 4096)}}"}"""), StringComparison.Ordinal);
        Assert.DoesNotContain("it is", Why($$"""{"node":"{{new string('n', 4096)}}"}"""), StringComparison.Ordinal);
        Assert.EndsWith("it is a string.", Why($$"""{"node":"{{new string('n', 4097)}}"}"""), StringComparison.Ordinal);
        Assert.DoesNotContain("it is", Why($$"""{"guest":"{{new string('n', 4096)}}"}"""), StringComparison.Ordinal);
        Assert.EndsWith("it is a string.", Why($$"""{"guest":"{{new string('n', 4097)}}"}"""), StringComparison.Ordinal);
        Assert.Contains($"called {new string('n', 60)}…", Why($$"""{"{{new string('n', 400)}}":1}"""), StringComparison.Ordinal);
        Assert.Contains("called a very long name;", Why($$"""{"{{new string('n', 401)}}":1}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mode":"\ud800"}""")]
    [InlineData("""{"mode":"\ud800\ud800"}""")]
    [InlineData("""{"mode":"\ud800op"}""")]
    [InlineData("""{"mo\ud800":1}""")]
    [InlineData("""{"\ud800":1}""")]
    public void Half_a_letter_is_no_text(string json) => Assert.Contains("not valid Unicode", Why(json), StringComparison.Ordinal);

    private sealed class NoDefault : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Act(NodeName node = default) => Ran(node);
    }

    private sealed class Struct : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Act(Pair pair) => Ran(pair);
    }

    private sealed class Closed : Declared
    {
        [Tool(Tier.Green, Outside = false), Description("x")]
        public string Act(Odd odd) => Ran(odd);
    }

    private sealed class NoGuest : Declared
    {
        [Tool(Tier.Red, Outside = false, SnapshotFirst = true), Description("x")]
        public string Act([Target(Kind.Node)] NodeName node) => Ran(node);
    }

    private sealed class LaterRaise : Declared
    {
        [Tool(Tier.Yellow, Outside = false, Raise = nameof(HigherAsync)), Description("x"), ClusterWide]
        public string Act() => Ran();

        public static Task<Raised> HigherAsync() => Task.FromResult(new Raised(Tier.Red, "later"));
    }

    private sealed class NumberedPath : Declared
    {
        [Tool(Tier.Red, Outside = false), Description("x")]
        public string Act([Target(Kind.Path)] int path) => Ran(path);
    }

    public static TheoryData<object, string> Wrong => new()
    {
        { new NoDefault(), "NoDefault.Act: node has no default that can be told; make it nullable" },
        { new Struct(), "Struct.Act: pair is a Pair, which no argument can be" },
        { new Closed(), "Closed.Act: odd is a Odd, which no argument can be" },
        { new NoGuest(), "NoGuest.Act: a snapshot first needs a guest as its target" },
        { new LaterRaise(), "LaterRaise.Act: HigherAsync must give a Raised" },
        { new NumberedPath(), "NumberedPath.Act: path cannot name a Path" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_declaration_is_named(object toolset, string problem) =>
        Assert.Equal([problem], Assert.Throws<ToolCatalogueException>(() => ToolCatalogue.Of(toolset)).Problems);

    private sealed class Plain : Declared
    {
        [Tool(Tier.Yellow, Outside = false), Description("x")]
        public string Act([Target(Kind.Guest)] GuestRef guest) => Ran(guest);
    }

    private sealed class FromOutside : Declared
    {
        [Tool(Tier.Yellow, Outside = true), Description("x")]
        public string Act([Target(Kind.Guest)] GuestRef guest) => Ran(guest);
    }

    private sealed class Snapshots : Declared
    {
        [Tool(Tier.Yellow, Outside = false, SnapshotFirst = true), Description("x")]
        public string Act([Target(Kind.Guest)] GuestRef guest) => Ran(guest);
    }

    private sealed class Wide : Declared
    {
        [Tool(Tier.Yellow, Outside = false), Description("x"), ClusterWide]
        public string Act([Target(Kind.Guest)] GuestRef guest) => Ran(guest);
    }

    private sealed class Raises : Declared
    {
        [Tool(Tier.Yellow, Outside = false, Raise = nameof(Higher)), Description("x")]
        public string Act([Target(Kind.Guest)] GuestRef guest) => Ran(guest);

        public static Raised? Higher() => null;
    }

    [Fact]
    public void Every_mark_of_a_tool_is_in_the_version()
    {
        object[] toolsets = [new Plain(), new FromOutside(), new Snapshots(), new Wide(), new Raises()];
        Assert.Distinct(toolsets.Select(toolset => ToolCatalogue.Of(toolset).Version));
    }

    [Fact]
    public void Tools_stand_by_name_and_say_whether_they_plan()
    {
        var catalogue = ToolCatalogue.Of(new RigTools(new World()));
        Assert.Equal(catalogue.Tools.Select(t => t.Name).Order(StringComparer.Ordinal), catalogue.Tools.Select(t => t.Name));
        Assert.True(catalogue.Find("update_guest")!.HasPlan);
        Assert.False(catalogue.Find("start_vm")!.HasPlan);
    }

    private sealed class Later
    {
        public static async ValueTask ActAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("it failed later");
        }
    }

    [Fact]
    public async Task A_method_without_a_result_is_waited_for()
    {
        var method = new ToolMethod(new Later(), typeof(Later).GetMethod(nameof(Later.ActAsync))!, []);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await method.InvokeAsync([], null, Rig.Cancel));
    }

    [Fact]
    public void What_fits_to_the_last_byte_is_whole_and_what_is_cut_is_no_json()
    {
        var policy = new OutputPolicy(7, new SecretRedactor([]), new OutputShelf(new FakeTimeProvider()));
        Assert.Equal(new ToolOutput("""{"a":1}""", IsJson: true, 7, null), policy.Of(new { A = 1 }, "anna"));
        var cut = policy.Of(new { A = 10 }, "anna");
        Assert.Equal("""{"a":10""", cut.Text);
        Assert.False(cut.IsJson);
        Assert.NotNull(cut.Handle);
    }
}
