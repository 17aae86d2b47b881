using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Architecture;

/// <summary>Writes hub interfaces and the records they carry as TypeScript.</summary>
internal sealed class TypeScript
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<string, Type> _declared = [];
    private readonly SortedDictionary<string, string> _types = new(StringComparer.Ordinal);

    public static string For(params Type[] hubs)
    {
        var ts = new TypeScript();
        var methods = hubs.Select(ts.Interface).ToList();
        return "// Generated from src/Server/Hubs by `make gen`. Do not edit.\n\n"
            + string.Join("\n", methods.Concat(ts._types.Values));
    }

    /// <summary>The records of endpoints; what hubs carry too is taken from there.</summary>
    public static string ForRest(IReadOnlyList<Type> records, params Type[] hubs)
    {
        var ts = new TypeScript();
        foreach (var hub in hubs) ts.Interface(hub);
        var carried = ts._types.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var record in records) ts.Plain(record);
        var own = ts._types.Where(t => !carried.Contains(t.Key)).Select(t => t.Value).ToList();
        var shared = carried.Where(name => own.Any(text => System.Text.RegularExpressions.Regex.IsMatch(text, $@"\b{name}\b"))).Order(StringComparer.Ordinal);
        return "// Generated from the endpoints' records by `make gen`. Do not edit.\n\n"
            + $"import type {{ {string.Join(", ", shared)} }} from './hubs.gen.ts'\n\n"
            + string.Join("\n", own);
    }

    private string Interface(Type hub) =>
        $"export interface {hub.Name[1..]} {{\n" + string.Concat(
            from method in hub.GetMethods().OrderBy(m => m.MetadataToken)
            let args = string.Join(", ", method.GetParameters().Select(p => $"{p.Name}: {Name(p.ParameterType, _nullability.Create(p))}"))
            let result = method.ReturnType.IsGenericType ? Name(method.ReturnType.GetGenericArguments()[0], null) : "void"
            select $"  {method.Name}({args}): {(hub.Name.EndsWith("Hub", StringComparison.Ordinal) ? $"Promise<{result}>" : "void")};\n") + "}\n";

    private string Name(Type type, NullabilityInfo? info)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        var maybe = inner == typeof(JsonElement) ? "" : inner != type || info?.ReadState == NullabilityState.Nullable ? " | null" : "";
        return Plain(inner) + maybe;
    }

    private string Plain(Type type) => type switch
    {
        _ when type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Guid) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type.IsPrimitive || type == typeof(decimal) => "number",
        _ when type == typeof(JsonElement) => "unknown",
        { IsArray: true } => $"readonly {Element(type.GetElementType()!)}[]",
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => $"readonly {Element(type.GetGenericArguments()[0])}[]",
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => $"Readonly<Record<string, {Name(type.GetGenericArguments()[1], null)}>>",
        { IsEnum: true } => Declare(type, () => $"export type {type.Name} = {string.Join(" | ", Enum.GetNames(type).Select(n => $"'{Camel(n)}'"))};\n"),
        _ when type.GetCustomAttributes<JsonDerivedTypeAttribute>().ToList() is { Count: > 0 } cases => Declare(type, () =>
            $"export type {type.Name} = {string.Join(" | ", cases.Select(c => Declare(c.DerivedType, () => Record(c.DerivedType, $"{c.TypeDiscriminator}"))))};\n"),
        _ when type.Namespace?.StartsWith("Jarvis.", StringComparison.Ordinal) == true => Declare(type, () => Record(type, null)),
        _ => throw new NotSupportedException($"{type} has no TypeScript spelling; use a record, an enum or a primitive."),
    };

    private string Element(Type type) => Name(type, null) is var name && name.Contains('|', StringComparison.Ordinal) ? $"({name})" : name;

    private string Record(Type type, string? kind) =>
        $"export interface {type.Name} {{\n"
        + (kind is null ? "" : $"  readonly $type: '{kind}';\n")
        + string.Concat(
            from property in type.GetProperties().OrderBy(p => p.MetadataToken)
            select $"  readonly {Camel(property.Name)}: {Name(property.PropertyType, _nullability.Create(property))};\n")
        + "}\n";

    private string Declare(Type type, Func<string> body)
    {
        if (_declared.TryAdd(type.Name, type)) _types[type.Name] = body();
        return _declared[type.Name] == type
            ? type.Name
            : throw new NotSupportedException($"{type} and {_declared[type.Name]} would have the same name in TypeScript.");
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
