using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Jarvis.Architecture;

/// <summary>What must not be written does not compile: each piece is given to the compiler beside the built kernel.</summary>
public sealed class CompilerTests
{
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Or nothing would be shown by what does not.</summary>
    [Theory]
    [InlineData("""[Tool(Tier.Green, Outside = false), System.ComponentModel.Description("x")] public string Read() => "";""")]
    [InlineData("""[Tool(Tier.Yellow), ClusterWide, System.ComponentModel.Description("x")] public string Act() => "";""")]
    [InlineData("""System.Threading.Tasks.Task<ToolOutcome> Call(SafetyKernel kernel, Caller caller) => kernel.Invoker.InvokeAsync("x", default, caller, new Turn("a", "b"), default);""")]
    [InlineData("""Caller Person() => new Caller.Operator { User = "x", Session = "y", Role = Role.Viewer };""")]
    public void What_is_written_as_it_should_be_compiles(string member) => Assert.Empty(Errors(member));

    [Theory]
    [InlineData("""[Tool] public string Act() => "";""", "CS7036")]
    [InlineData("""[Tool(Outside = true)] public string Act() => "";""", "CS7036")]
    [InlineData("""[Tool(Tier = Tier.Green)] public string Act() => "";""", "CS7036 CS0617")]
    [InlineData("""[Tool(1)] public string Act() => "";""", "CS1503")]
    [InlineData("""[Tool(null)] public string Act() => "";""", "CS1503")]
    [InlineData("""Tool Made() => new Tool();""", "CS1729")]
    [InlineData("""void Lower(Tool tool) => tool.Tier = Tier.Green;""", "CS0200")]
    public void B08_a_tool_without_a_tier_does_not_compile(string member, string errors) => Assert.Equal(errors, Errors(member));

    [Theory]
    [InlineData("""object Run(Tool tool) => tool.InvokeAsync(new object[0], null, default);""", "CS1061")]
    [InlineData("""object Run(SafetyKernel kernel) => kernel.Invoker.Catalogue.Find("x")!.InvokeAsync(new object[0], null, default);""", "CS1061")]
    [InlineData("""object Run(SafetyKernel kernel) => kernel.Works;""", "CS1061")]
    [InlineData("""ToolMethod? method;""", "CS0122")]
    [InlineData("""Runs? runs;""", "CS0122")]
    [InlineData("""Redemption? redemption;""", "CS0122")]
    [InlineData("""SafetyGate? gate;""", "CS0122")]
    [InlineData("""Jarvis.Safety.Ledger.SafetyStore? store;""", "CS0122")]
    [InlineData("""ToolInvoker Own() => new ToolInvoker(null, null, null);""", "CS1729")]
    [InlineData("""Approvals Own() => new Approvals(null, null, null);""", "CS1729")]
    [InlineData("""ToolRun Own() => new ToolRun(null, null, null, null, null, null, null);""", "CS1729")]
    [InlineData("""BreakGlass Own() => new BreakGlass { User = "x", Session = "y", Reason = "z", Until = default };""", "CS1729")]
    [InlineData("""object Run(SafetyKernel kernel, Approval approval) => kernel.Approvals.Redeem(approval);""", "CS1061")]
    [InlineData("""void Open(SafetyKernel kernel) => kernel.Fault = null;""", "CS1061")]
    [InlineData("""string Ids(Approval approval) => approval.Arguments + approval.Caller;""", "CS1061 CS1061")]
    public void B10_a_way_past_the_door_does_not_compile(string member, string errors) => Assert.Equal(errors, Errors(member));

    private const string Own = "public override string Actor => \"root\"; public override string? Person => null; public override string Kind => \"root\";";

    [Theory]
    [InlineData($$"""record Root : Caller { {{Own}} }""", "CS0534 CS7036")]
    [InlineData($$"""record Root : Caller { public Root(Caller other) : base(other) { } {{Own}} }""", "CS0534 CS9039")]
    [InlineData($$"""record Root : Caller { public Root(Caller other) : base(other) { } {{Own}} internal override Tier Ceiling => Tier.Black; }""", "CS0534 CS9039 CS0115")]
    [InlineData("""record Root : Caller.Operator;""", "CS0509")]
    public void B10_nobody_makes_a_kind_of_caller_of_their_own(string member, string errors) => Assert.Equal(errors, Errors(member));

    /// <summary>The numbers of the errors, in the order of the text.</summary>
    private static string Errors(string member)
    {
        var source = $"#nullable enable\nusing Jarvis.Safety;\ninternal sealed class Written {{ {member} }}";
        var compilation = CSharpCompilation.Create("Written", [CSharpSyntaxTree.ParseText(source)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return string.Join(' ', compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).OrderBy(d => d.Location.SourceSpan.Start).Select(d => d.Id));
    }
}
