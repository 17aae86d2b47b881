using System.Collections.Frozen;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety;

/// <summary>Every tool there is, found by its attribute. What is wrong with a declaration stops the start.</summary>
public sealed class ToolCatalogue
{
    private const int LongestSeconds = 24 * 3600;
    private readonly FrozenDictionary<string, Tool> _byName;

    private ToolCatalogue(IReadOnlyList<Tool> tools)
    {
        Tools = tools;
        _byName = tools.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', tools.Select(Line)))));
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Tool> Tools { get; }

    /// <summary>Changes with any tool, tier, target or parameter: the version of the policy that approvals are bound to.</summary>
    public string Version { get; }

    public Tool? Find(string name) => _byName.GetValueOrDefault(name);

    /// <exception cref="ToolCatalogueException">A declaration is wrong; all that are, are named.</exception>
    public static ToolCatalogue Of(params IEnumerable<object> toolsets)
    {
        var problems = new List<string>();
        var tools = new List<Tool>();
        foreach (var toolset in toolsets)
        {
            foreach (var method in toolset.GetType().GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            {
                if (method.GetCustomAttribute<ToolAttribute>() is { } mark) tools.Add(Declared(toolset, method, mark, problems));
            }
        }
        problems.AddRange(from tool in tools
                          group tool by tool.Name into same
                          where same.Count() > 1
                          select $"{same.Key} is declared {same.Count()} times");
        return problems.Count == 0 ? new([.. tools.OrderBy(t => t.Name, StringComparer.Ordinal)]) : throw new ToolCatalogueException(problems);
    }

    private static Tool Declared(object toolset, MethodInfo method, ToolAttribute mark, List<string> problems)
    {
        var type = toolset.GetType();
        var where = $"{type.Name}.{method.Name}";
        var name = Signature.NameOf(method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^5] : method.Name);
        var description = method.GetCustomAttribute<DescriptionAttribute>()?.Description.Trim() ?? "";
        var fields = new Signature(where, problems).Read(method.GetParameters());
        var clusterWide = method.IsDefined(typeof(ClusterWideAttribute));
        void Unless(bool right, string problem)
        {
            if (!right) problems.Add($"{where}: {problem}");
        }

        Unless(method is { IsPublic: true, IsStatic: false, IsGenericMethodDefinition: false }, "a tool is a public method of an object");
        Unless(Enum.IsDefined(mark.Tier), "it has no tier");
        Unless(description.Length > 0, "it has no [Description]");
        Unless(method.CustomAttributes.Single(a => a.AttributeType == typeof(ToolAttribute)).NamedArguments.Any(a => a.MemberName == nameof(ToolAttribute.Outside)),
            "say Outside = true when its result holds text from outside, or Outside = false");
        Unless(mark.TimeoutSeconds is > 0 and <= LongestSeconds, $"its time-out must be 1 to {LongestSeconds} seconds");
        Unless(mark.Tier == Tier.Green || clusterWide || Members(fields).Any(m => m.Target is not null), "above Green it needs a [Target], or [ClusterWide]");
        Unless(!mark.SnapshotFirst || fields.Members.Any(m => m.Target?.Kind == Kind.Guest), "a snapshot first needs a guest as its target");
        Unless(fields.Members.Count(m => m.Type == typeof(ClusterKey)) <= 1, "it takes more than one cluster");

        var plan = Beside(type, method, mark.Plan, typeof(Plan), fields, mustBeStatic: false, Unless);
        var raise = Beside(type, method, mark.Raise, typeof(Raised), fields, mustBeStatic: true, Unless);
        return new Tool(name, description, mark, clusterWide, fields, ToolMethod.Given(method), new ToolMethod(toolset, method, fields.Members),
            plan is null ? null : new ToolMethod(toolset, plan, fields.Members), raise is null ? null : new ToolMethod(toolset, raise, fields.Members));
    }

    private static MethodInfo? Beside(Type type, MethodInfo tool, string? name, Type gives, Fields fields, bool mustBeStatic, Action<bool, string> unless)
    {
        if (name is null) return null;
        var found = type.GetMember(name, MemberTypes.Method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static);
        unless(found.Length == 1 && found[0] != tool, $"there is not exactly one method called {name}");
        if (found is not [MethodInfo method] || method == tool) return null;
        unless((mustBeStatic ? method.ReturnType : ToolMethod.Given(method)) == gives, $"{name} must give a {gives.Name}");
        unless(!mustBeStatic || method.IsStatic, $"{name} must be static");
        unless(method.GetParameters().All(p => p.ParameterType != typeof(ToolRun)), $"{name} cannot take a ToolRun: nothing runs yet");
        unless(ToolMethod.Unmatched(method, fields.Members) is null, $"{name} takes {ToolMethod.Unmatched(method, fields.Members)}, which the tool does not");
        return method;
    }

    internal static IEnumerable<Parameter> Members(Fields fields) =>
        fields.Members.SelectMany(m => m.Shape switch
        {
            Entity entity => Members(entity.Fields).Append(m),
            Several { Element: Entity entity } => Members(entity.Fields).Append(m),
            _ => [m],
        });

    private static string Line(Tool tool) => string.Join('|', [
        tool.Name, tool.Tier.ToString(), tool.Outside ? "outside" : "", tool.Sends ? "sends" : "", tool.SnapshotFirst ? "snapshot" : "", tool.Unrecorded ? "unrecorded" : "",
        tool.ClusterWide ? "wide" : "", tool.HasPlan ? "plan" : "", tool.CanBeRaised ? "raise" : "", tool.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        string.Join(',', Members(tool.Fields).Where(m => m.Target is not null).Select(m => $"{m.Name}:{m.Target!.Kind}:{m.Target.Effect}")),
        tool.Schema.GetRawText(),
    ]);
}

/// <summary>Tools are declared wrongly; the message names each.</summary>
public sealed class ToolCatalogueException(IReadOnlyList<string> problems) : Exception("Tools are declared wrongly: " + string.Join("; ", problems) + ".")
{
    public IReadOnlyList<string> Problems => problems;
}
