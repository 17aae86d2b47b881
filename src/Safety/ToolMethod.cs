using System.Reflection;
using System.Runtime.CompilerServices;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety;

/// <summary>A method of a toolset that is called with bound values, matched to its parameters by name.</summary>
internal sealed class ToolMethod
{
    private const int Token = -1;
    private const int Run = -2;
    private readonly MethodInvoker _invoker;
    private readonly object? _owner;
    private readonly int[] _sources;
    private readonly PropertyInfo? _result;
    private readonly MethodInfo? _asTask;

    public ToolMethod(object owner, MethodInfo method, IReadOnlyList<Parameter> members)
    {
        _invoker = MethodInvoker.Create(method);
        _owner = method.IsStatic ? null : owner;
        _sources = [.. method.GetParameters().Select(p => SourceOf(p, members))];
        var returned = method.ReturnType;
        var generic = returned.IsGenericType ? returned.GetGenericTypeDefinition() : null;
        if (generic == typeof(Task<>) || generic == typeof(ValueTask<>)) _result = typeof(Task<>).MakeGenericType(returned.GetGenericArguments()).GetProperty("Result");
        _asTask = generic == typeof(ValueTask<>) ? returned.GetMethod(nameof(ValueTask<>.AsTask)) : null;
    }

    /// <summary>The first parameter that nothing of this name and type can be given for.</summary>
    public static string? Unmatched(MethodInfo method, IReadOnlyList<Parameter> members) =>
        method.GetParameters().FirstOrDefault(p => !Signature.IsGiven(p.ParameterType) && IndexOf(p, members) < 0)?.Name;

    /// <summary>What the method gives when it has ended, unwrapped.</summary>
    public static Type Given(MethodInfo method) =>
        method.ReturnType is { IsGenericType: true } type && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0] : method.ReturnType;

    public async ValueTask<object?> InvokeAsync(object?[] values, ToolRun? run, CancellationToken cancellationToken)
    {
        var returned = Invoke(values, run, cancellationToken);
        if (returned is ValueTask plain)
        {
            await plain;
            return null;
        }

        var task = returned as Task ?? _asTask?.Invoke(returned, null) as Task;
        if (task is null) return returned;
        await task;
        return _result?.GetValue(task);
    }

    public object? Invoke(object?[] values, ToolRun? run, CancellationToken cancellationToken)
    {
        var arguments = new object?[_sources.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _sources[i] switch
            {
                Token => cancellationToken,
                Run => run,
                var source => values[source],
            };
        }
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return _invoker.Invoke(_owner, arguments.AsSpan());
    }

    private static int SourceOf(ParameterInfo parameter, IReadOnlyList<Parameter> members) =>
        parameter.ParameterType == typeof(CancellationToken) ? Token
        : parameter.ParameterType == typeof(ToolRun) ? Run
        : IndexOf(parameter, members);

    private static int IndexOf(ParameterInfo parameter, IReadOnlyList<Parameter> members)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Member == parameter.Name && members[i].Type == type) return i;
        }
        return -1;
    }
}
