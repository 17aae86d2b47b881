using Mono.Cecil;

namespace Jarvis.Architecture;

/// <summary>There is one way to run a tool.</summary>
public sealed class DoorTests
{
    private const string Tool = "Jarvis.Safety.Tool";

    [Fact]
    public void B10_what_runs_a_tool_cannot_be_called_from_outside()
    {
        using var module = ModuleDefinition.ReadModule(Assemblies.Safety.Location);
        var tool = module.GetType(Tool);
        Assert.All(tool.Methods.Where(m => m.Name is "InvokeAsync" or ".ctor"), method => Assert.True(method.IsAssembly, method.FullName));
        Assert.All(["Jarvis.Safety.SafetyGate", "Jarvis.Safety.ToolMethod", "Jarvis.Safety.Runs", "Jarvis.Safety.Ledger.SafetyStore"], name => Assert.False(module.GetType(name).IsPublic, name));
    }

    [Fact]
    public void B10_nothing_but_the_runs_behind_the_door_runs_a_tool() =>
        Assert.Equal(["Jarvis.Safety.Runs"], Callers(method => method.DeclaringType.FullName == Tool && method.Name == "InvokeAsync"));

    [Fact]
    public void Only_the_door_and_an_approval_lead_to_the_runs() =>
        Assert.Equal(["Jarvis.Safety.Redemption", "Jarvis.Safety.ToolInvoker"], Callers(method => method.DeclaringType.FullName == "Jarvis.Safety.Runs" && method.Name == "RunAsync"));

    [Fact]
    public void Only_tests_are_let_into_the_kernel() =>
        Assert.Equal(["Jarvis.Safety.Tests"], Assemblies.Safety.GetCustomAttributesData()
            .Where(a => a.AttributeType.Name == "InternalsVisibleToAttribute").Select(a => (string)a.ConstructorArguments[0].Value!));

    private static IEnumerable<string> Callers(Func<MethodReference, bool> called)
    {
        using var module = ModuleDefinition.ReadModule(Assemblies.Safety.Location);
        return [.. (from type in module.GetTypes()
                    from method in type.Methods
                    where method.HasBody
                    where method.Body.Instructions.Any(i => i.Operand is MethodReference operand && called(operand))
                    let outermost = Outermost(type)
                    where outermost != Tool || method.Name != "InvokeAsync"
                    select outermost).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type.FullName;
}
